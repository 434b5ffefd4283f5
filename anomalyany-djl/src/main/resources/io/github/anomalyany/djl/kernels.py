# SPDX-License-Identifier: Apache-2.0
#
# The networks' blocks as TorchScript, one method a block. Weights come as a list in the order in which the Java class of
# the block declares them. Shapes: B batch, C channels, H×W grid, T tokens, S text positions, D width.
# Every method is pure and differentiable in its tensor arguments; `vjp` turns any of them around. Some blocks have a way
# back of their own, which knows that weights need no gradient and computes cheap things again instead of keeping them:
# block_vjp(cotangent, kept, the block's arguments) gives the gradients of its tensor arguments in order, those of
# constants left out at the end. What is kept comes from block_kept(the block's arguments), which returns the block's
# result and then whatever block_vjp wants to have; a block without it keeps nothing.
class Kernels(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  # ---- gradients and plumbing ---------------------------------------------------------------------------------------

  def vjp(self, outputs: List[Tensor], inputs: List[Tensor], cotangents: List[Tensor]) -> List[Tensor]:
    given = annotate(List[Optional[Tensor]], [])
    for i in range(torch.len(cotangents)):
      _0 = torch.append(given, cotangents[i])
    found = torch.grad(outputs, inputs, given, None, False, False)
    result = annotate(List[Tensor], [])
    for i in range(torch.len(found)):
      _1 = torch.append(result, unchecked_cast(Tensor, found[i]))
    return result

  def own(self, x: Tensor) -> Tensor:
    return torch.clone(x)

  def widen(self, x: Tensor) -> Tensor:
    return torch.to(x, 6, False, True, None)

  def widen_bfloat16(self, bits: Tensor) -> Tensor:
    return torch.to(torch.view_copy(bits, dtype=15), 6, False, True, None)

  def transposed(self, x: Tensor) -> Tensor:
    return torch.clone(torch.t(x), memory_format=0)

  def first(self, w: List[Tensor]) -> Tensor:
    return torch.clone(w[0])

  def accumulate(self, x: Tensor, y: Tensor) -> Tensor:
    return torch.add(x, y)

  # ---- pieces -------------------------------------------------------------------------------------------------------

  def norm_silu(self, x: Tensor, weight: Tensor, bias: Tensor, groups: int, eps: float) -> Tensor:
    normed = torch.group_norm(x, groups, weight, bias, eps, False)
    if torch.is_grad_enabled():
      y = torch.silu(normed)
    else:
      y = torch.silu_(normed)
    return y

  # of the normalised x, from the cotangent of SiLU(normalised x) to that of x
  def norm_silu_back(self, dy: Tensor, x: Tensor, weight: Tensor, bias: Tensor, groups: int, eps: float) -> Tensor:
    b = torch.size(x, 0)
    c = torch.size(x, 1)
    cells = torch.mul(torch.size(x, 2), torch.size(x, 3))
    rows = torch.contiguous(x)
    normed, mean, scale = torch.native_group_norm(rows, weight, bias, b, c, cells, groups, eps)
    dn = torch.contiguous(torch.silu_backward(dy, normed))
    dx, _0, _1 = torch.native_group_norm_backward(dn, rows, mean, scale, weight, b, c, cells, groups, [True, False, False])
    return dx

  def few_cells(self, x: Tensor, weight: Tensor) -> bool:
    cells = torch.mul(torch.mul(torch.size(x, 0), torch.size(x, 2)), torch.size(x, 3))
    return torch.__and__(torch.le(cells, 256), torch.ge(torch.numel(weight), 2000000))

  # Many channels on few cells: the convolution would rearrange its weights at every call, which takes longer than the sums.
  # As a product of matrices it reads them once.
  def conv3(self, x: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
    b = torch.size(x, 0)
    height = torch.size(x, 2)
    width = torch.size(x, 3)
    if (self).few_cells(x, weight):
      out = torch.size(weight, 0)
      patches = torch.transpose(torch.im2col(x, [3, 3], [1, 1], [1, 1], [1, 1]), 1, 2)
      rows = torch.linear(patches, torch.view(weight, [out, -1]), bias)
      y = torch.reshape(torch.transpose(rows, 1, 2), [b, out, height, width])
    else:
      if torch.__and__(torch.gt(torch.numel(x), 16000000), torch.__not__(torch.is_grad_enabled())):
        y = (self).conv3_banded(x, weight, bias)
      else:
        y = torch.conv2d(x, weight, bias, [1, 1], [1, 1], [1, 1], 1)
    return y

  # From the cotangent of the result to that of x: a convolution as well, by the mirrored weights. Where those are large,
  # PyTorch's own way is as fast and needs no mirroring.
  def conv3_back(self, dy: Tensor, weight: Tensor) -> Tensor:
    b = torch.size(dy, 0)
    height = torch.size(dy, 2)
    width = torch.size(dy, 3)
    if (self).few_cells(dy, weight):
      out = torch.size(weight, 0)
      rows = torch.matmul(torch.transpose(torch.reshape(dy, [b, out, -1]), 1, 2), torch.view(weight, [out, -1]))
      dx = torch.col2im(torch.transpose(rows, 1, 2), [height, width], [3, 3], [1, 1], [1, 1], [1, 1])
    else:
      if torch.lt(torch.numel(weight), 1000000):
        dx = (self).conv3(dy, torch.flip(torch.transpose(weight, 0, 1), [2, 3]), None)
      else:
        x = torch.expand(torch.zeros([1], dtype=6, layout=0, device=ops.prim.device(dy), pin_memory=False), [b, torch.size(weight, 1), height, width])
        dx, _0, _1 = torch.convolution_backward(dy, x, weight, None, [1, 1], [1, 1], [1, 1], False, [0, 0], 1, [True, False, False])
    return dx

  # Large pictures in bands of rows below 24 MB, so that the copies that a convolution makes inside stay small.
  def conv3_banded(self, x: Tensor, weight: Tensor, bias: Optional[Tensor]) -> Tensor:
    height = torch.size(x, 2)
    rows = torch.add(torch.floordiv(torch.mul(6000000, height), torch.numel(x)), 1)
    y = torch.empty([torch.size(x, 0), torch.size(weight, 0), height, torch.size(x, 3)], dtype=6, layout=0, device=ops.prim.device(x), pin_memory=False)
    for i in range(torch.add(torch.floordiv(torch.sub(height, 1), rows), 1)):
      first = torch.mul(i, rows)
      last = ops.prim.min(torch.add(first, rows), height)
      above = ops.prim.max(torch.sub(first, 1), 0)
      below = ops.prim.min(torch.add(last, 1), height)
      border = [0, 0, torch.add(torch.sub(above, first), 1), torch.add(torch.sub(last, below), 1)]
      band = torch.constant_pad_nd(torch.slice(x, 2, above, below, 1), border, 0.)
      _0 = torch.copy_(torch.slice(y, 2, first, last, 1), torch.conv2d(band, weight, bias, [1, 1], [0, 1], [1, 1], 1))
    return y

  def conv1(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return torch.conv2d(x, weight, bias, [1, 1], [0, 0], [1, 1], 1)

  # on few cells as a product, as conv3 does
  def conv1_back(self, dy: Tensor, weight: Tensor) -> Tensor:
    b = torch.size(dy, 0)
    height = torch.size(dy, 2)
    width = torch.size(dy, 3)
    if torch.le(torch.mul(torch.mul(b, height), width), 256):
      columns = torch.transpose(torch.view(weight, [torch.size(weight, 0), -1]), 0, 1)
      dx = torch.reshape(torch.matmul(columns, torch.reshape(dy, [b, torch.size(dy, 1), -1])), [b, -1, height, width])
    else:
      dx = torch.conv2d(dy, torch.transpose(weight, 0, 1), None, [1, 1], [0, 0], [1, 1], 1)
    return dx

  def heads_first(self, x: Tensor, heads: int) -> Tensor:
    b = torch.size(x, 0)
    t = torch.size(x, 1)
    d = torch.floordiv(torch.size(x, 2), heads)
    return torch.transpose(torch.view(x, [b, t, heads, d]), 1, 2)

  def heads_last(self, x: Tensor) -> Tensor:
    b = torch.size(x, 0)
    t = torch.size(x, 2)
    return torch.reshape(torch.transpose(x, 1, 2), [b, t, -1])

  def attend(self, q: Tensor, k: Tensor, v: Tensor, heads: int) -> Tensor:
    mixed = torch.scaled_dot_product_attention((self).heads_first(q, heads), (self).heads_first(k, heads), (self).heads_first(v, heads))
    return (self).heads_last(mixed)

  # One head: its gradient would be one thread's work. Parts of the questions look like heads, and share keys and values.
  def attend_alone(self, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    t = torch.size(q, 1)
    parts = 1
    if torch.__and__(torch.eq(torch.remainder(t, 8), 0), torch.ge(t, 1024)):
      parts = 8
    b = torch.size(q, 0)
    d = torch.size(q, 2)
    questions = torch.reshape(q, [b, parts, torch.floordiv(t, parts), d])
    keys = torch.expand(torch.unsqueeze(k, 1), [b, parts, t, d])
    values = torch.expand(torch.unsqueeze(v, 1), [b, parts, t, d])
    return torch.reshape(torch.scaled_dot_product_attention(questions, keys, values), [b, t, d])

  def probabilities(self, q: Tensor, k: Tensor, heads: int) -> Tensor:
    scale = torch.pow(torch.floordiv(torch.size(q, 2), heads), -0.5)
    scores = torch.matmul((self).heads_first(q, heads), torch.transpose((self).heads_first(k, heads), 2, 3))
    return torch.softmax(torch.mul(scores, scale), -1, None)

  def norm_rows(self, h: Tensor, w: List[Tensor]) -> Tensor:
    return torch.layer_norm(h, [torch.size(h, 2)], w[0], w[1], 1.0000000000000001e-05, False)

  # from the cotangent of the normalised rows to that of h, plus what reaches h directly
  def norm_rows_back(self, da: Tensor, h: Tensor, w: List[Tensor], direct: Tensor) -> Tensor:
    c = [torch.size(h, 2)]
    rows = torch.contiguous(h)
    _0, mean, scale = torch.native_layer_norm(rows, c, w[0], w[1], 1.0000000000000001e-05)
    dh, _1, _2 = torch.native_layer_norm_backward(torch.reshape(da, torch.size(h)), rows, c, mean, scale, w[0], w[1], [True, False, False])
    return torch.add_(dh, direct)

  # In parts whose wide middle stays below 24 MB: the C library maps larger blocks anew each time, page by page.
  def feed_forward_parts(self, h: Tensor, w: List[Tensor]) -> List[Tensor]:
    count = torch.add(torch.floordiv(torch.mul(torch.numel(h), 8), 6000000), 1)
    return torch.chunk(torch.view((self).norm_rows(h, w), [-1, torch.size(h, 2)]), count, 0)

  def narrowed(self, wide: Tensor, w: List[Tensor]) -> Tensor:
    u = torch.chunk(wide, 2, -1)
    return torch.linear(torch.mul(u[0], torch.gelu(u[1])), w[4], w[5])

  def feed_forward(self, h: Tensor, w: List[Tensor]) -> Tensor:
    parts = (self).feed_forward_parts(h, w)
    outs = annotate(List[Tensor], [])
    for i in range(torch.len(parts)):
      _0 = torch.append(outs, (self).narrowed(torch.linear(parts[i], w[2], w[3]), w))
    return torch.add(h, torch.view(torch.cat(outs, 0), torch.size(h)))

  def feed_forward_kept(self, h: Tensor, w: List[Tensor]) -> List[Tensor]:
    parts = (self).feed_forward_parts(h, w)
    outs = annotate(List[Tensor], [])
    kept = annotate(List[Tensor], [])
    for i in range(torch.len(parts)):
      wide = torch.linear(parts[i], w[2], w[3])
      _0 = torch.append(kept, wide)
      _1 = torch.append(outs, (self).narrowed(wide, w))
    return torch.add([torch.add(h, torch.view(torch.cat(outs, 0), torch.size(h)))], kept)

  def feed_forward_vjp(self, dy: Tensor, kept: List[Tensor], h: Tensor, w: List[Tensor]) -> List[Tensor]:
    c = torch.size(h, 2)
    parts = torch.split(torch.reshape(dy, [-1, c]), torch.size(kept[0], 0), 0)
    halves = torch.chunk(w[2], 2, 0)
    found = annotate(List[Tensor], [])
    for i in range(torch.len(parts)):
      u = torch.chunk(kept[i], 2, -1)
      dm = torch.matmul(parts[i], w[4])
      dv = torch.gelu_backward(torch.mul(dm, u[0]), u[1])
      da = torch.matmul(torch.mul_(dm, torch.gelu(u[1])), halves[0])
      _0 = torch.append(found, torch.addmm_(da, dv, halves[1]))
    return [(self).norm_rows_back(torch.cat(found, 0), h, w, dy)]

  # ---- convolutions and samplers --------------------------------------------------------------------------------------

  def convolve(self, x: Tensor, w: List[Tensor]) -> Tensor:
    return (self).conv3(x, w[0], w[1])

  def convolve_vjp(self, dy: Tensor, kept: List[Tensor], x: Tensor, w: List[Tensor]) -> List[Tensor]:
    return [(self).conv3_back(dy, w[0])]

  def convolve_pointwise(self, x: Tensor, w: List[Tensor]) -> Tensor:
    return (self).conv1(x, w[0], w[1])

  def downsample(self, x: Tensor, w: List[Tensor]) -> Tensor:
    return torch.conv2d(x, w[0], w[1], [2, 2], [1, 1], [1, 1], 1)

  def downsample_corner(self, x: Tensor, w: List[Tensor]) -> Tensor:
    padded = torch.constant_pad_nd(x, [0, 1, 0, 1], 0.)
    return torch.conv2d(padded, w[0], w[1], [2, 2], [0, 0], [1, 1], 1)

  def upsample(self, x: Tensor, height: int, width: int, w: List[Tensor]) -> Tensor:
    return (self).conv3(torch.upsample_nearest2d(x, [height, width]), w[0], w[1])

  def upsample_vjp(self, dy: Tensor, kept: List[Tensor], x: Tensor, height: int, width: int, w: List[Tensor]) -> List[Tensor]:
    return [torch.upsample_nearest2d_backward((self).conv3_back(dy, w[0]), [height, width], torch.size(x))]

  def norm_convolve(self, x: Tensor, w: List[Tensor], groups: int, eps: float) -> Tensor:
    return (self).conv3((self).norm_silu(x, w[0], w[1], groups, eps), w[2], w[3])

  def norm_convolve_vjp(self, dy: Tensor, kept: List[Tensor], x: Tensor, w: List[Tensor], groups: int, eps: float) -> List[Tensor]:
    return [(self).norm_silu_back((self).conv3_back(dy, w[2]), x, w[0], w[1], groups, eps)]

  # ---- ResNet blocks: w = norm1, conv1, norm2, conv2, then time projection, then shortcut ------------------------------

  def resnet(self, x: Tensor, w: List[Tensor], groups: int, eps: float) -> Tensor:
    return (self).resnet_end(x, (self).norm_convolve(x, w, groups, eps), w, 8, groups, eps)

  def resnet_kept(self, x: Tensor, w: List[Tensor], groups: int, eps: float) -> List[Tensor]:
    h = (self).norm_convolve(x, w, groups, eps)
    return [(self).resnet_end(x, h, w, 8, groups, eps), h]

  def resnet_vjp(self, dy: Tensor, kept: List[Tensor], x: Tensor, w: List[Tensor], groups: int, eps: float) -> List[Tensor]:
    return [(self).resnet_back(dy, x, kept[0], w, 8, groups, eps)]

  # from what comes after the first convolution; the shortcut's weights, if any, begin at an index
  def resnet_end(self, x: Tensor, h: Tensor, w: List[Tensor], at: int, groups: int, eps: float) -> Tensor:
    if torch.gt(torch.len(w), at):
      shortcut = (self).conv1(x, w[at], w[torch.add(at, 1)])
    else:
      shortcut = x
    return torch.add_((self).conv3((self).norm_silu(h, w[4], w[5], groups, eps), w[6], w[7]), shortcut)

  def resnet_back(self, dy: Tensor, x: Tensor, h: Tensor, w: List[Tensor], at: int, groups: int, eps: float) -> Tensor:
    dh = (self).norm_silu_back((self).conv3_back(dy, w[6]), h, w[4], w[5], groups, eps)
    dx = (self).norm_silu_back((self).conv3_back(dh, w[2]), x, w[0], w[1], groups, eps)
    if torch.gt(torch.len(w), at):
      shortcut = (self).conv1_back(dy, w[at])
    else:
      shortcut = dy
    return torch.add_(dx, shortcut)

  def time_middle(self, x: Tensor, time: Tensor, w: List[Tensor], groups: int, eps: float) -> Tensor:
    t = torch.linear(time, w[8], w[9])
    return torch.add((self).norm_convolve(x, w, groups, eps), torch.unsqueeze(torch.unsqueeze(t, 2), 3))

  def resnet_timed(self, x: Tensor, time: Tensor, w: List[Tensor], groups: int, eps: float) -> Tensor:
    return (self).resnet_end(x, (self).time_middle(x, time, w, groups, eps), w, 10, groups, eps)

  def resnet_timed_kept(self, x: Tensor, time: Tensor, w: List[Tensor], groups: int, eps: float) -> List[Tensor]:
    h = (self).time_middle(x, time, w, groups, eps)
    return [(self).resnet_end(x, h, w, 10, groups, eps), h]

  def resnet_timed_vjp(self, dy: Tensor, kept: List[Tensor], x: Tensor, time: Tensor, w: List[Tensor], groups: int, eps: float) -> List[Tensor]:
    return [(self).resnet_back(dy, x, kept[0], w, 10, groups, eps)]

  def resnet_timed_joined(self, x: Tensor, skip: Tensor, time: Tensor, w: List[Tensor], groups: int, eps: float) -> Tensor:
    return (self).resnet_timed(torch.cat([x, skip], 1), time, w, groups, eps)

  def resnet_timed_joined_kept(self, x: Tensor, skip: Tensor, time: Tensor, w: List[Tensor], groups: int, eps: float) -> List[Tensor]:
    return (self).resnet_timed_kept(torch.cat([x, skip], 1), time, w, groups, eps)

  def resnet_timed_joined_vjp(self, dy: Tensor, kept: List[Tensor], x: Tensor, skip: Tensor, time: Tensor, w: List[Tensor], groups: int, eps: float) -> List[Tensor]:
    both = (self).resnet_back(dy, torch.cat([x, skip], 1), kept[0], w, 10, groups, eps)
    return torch.split_with_sizes(both, [torch.size(x, 1), torch.size(skip, 1)], 1)

  # ---- UNet -----------------------------------------------------------------------------------------------------------

  # Sinusoids of the timestep through two layers; SiLU already applied, since every ResNet applies it first.
  def time_embedding(self, timesteps: Tensor, frequencies: Tensor, cosine_first: bool, w: List[Tensor]) -> Tensor:
    angles = torch.mul(torch.unsqueeze(timesteps, 1), torch.unsqueeze(frequencies, 0))
    if cosine_first:
      waves = torch.cat([torch.cos(angles), torch.sin(angles)], 1)
    else:
      waves = torch.cat([torch.sin(angles), torch.cos(angles)], 1)
    h = torch.linear(torch.silu(torch.linear(waves, w[0], w[1])), w[2], w[3])
    return torch.silu(h)

  # [B, C, H, W] to tokens [B, H·W, C]
  def tokens_in(self, x: Tensor, w: List[Tensor], groups: int, linear: bool) -> Tensor:
    b = torch.size(x, 0)
    c = torch.size(x, 1)
    h = torch.group_norm(x, groups, w[0], w[1], 9.9999999999999995e-07, False)
    if linear:
      t = torch.linear(torch.transpose(torch.view(h, [b, c, -1]), 1, 2), w[2], w[3])
    else:
      p = (self).conv1(h, w[2], w[3])
      t = torch.transpose(torch.view(p, [b, torch.size(p, 1), -1]), 1, 2)
    return t

  def tokens_in_vjp(self, dt: Tensor, kept: List[Tensor], x: Tensor, w: List[Tensor], groups: int, linear: bool) -> List[Tensor]:
    if linear:
      dh = torch.reshape(torch.transpose(torch.matmul(dt, w[2]), 1, 2), torch.size(x))
    else:
      dh = (self).conv1_back((self).grid(dt, x), w[2])
    b = torch.size(x, 0)
    c = torch.size(x, 1)
    cells = torch.mul(torch.size(x, 2), torch.size(x, 3))
    rows = torch.contiguous(x)
    _0, mean, scale = torch.native_group_norm(rows, w[0], w[1], b, c, cells, groups, 9.9999999999999995e-07)
    dx, _1, _2 = torch.native_group_norm_backward(torch.contiguous(dh), rows, mean, scale, w[0], b, c, cells, groups, [True, False, False])
    return [dx]

  # tokens [B, H·W, C] as the grid [B, C, H, W] of a picture of that size
  def grid(self, t: Tensor, x: Tensor) -> Tensor:
    return torch.reshape(torch.transpose(t, 1, 2), [torch.size(x, 0), torch.size(t, 2), torch.size(x, 2), torch.size(x, 3)])

  # tokens [B, H·W, C] back to [B, C, H, W], plus what came in
  def tokens_out(self, t: Tensor, x: Tensor, w: List[Tensor], linear: bool) -> Tensor:
    if linear:
      p = torch.transpose(torch.linear(t, w[0], w[1]), 1, 2)
      y = torch.reshape(p, torch.size(x))
    else:
      y = (self).conv1((self).grid(t, x), w[0], w[1])
    return torch.add(y, x)

  def tokens_out_vjp(self, dy: Tensor, kept: List[Tensor], t: Tensor, x: Tensor, w: List[Tensor], linear: bool) -> List[Tensor]:
    b = torch.size(x, 0)
    if linear:
      dt = torch.matmul(torch.transpose(torch.reshape(dy, [b, torch.size(x, 1), -1]), 1, 2), w[0])
    else:
      dp = (self).conv1_back(dy, w[0])
      dt = torch.transpose(torch.view(dp, [b, torch.size(dp, 1), -1]), 1, 2)
    return [dt, dy]

  # w = norm1, q, k, v, out
  def self_attention(self, h: Tensor, w: List[Tensor], heads: int) -> Tensor:
    a = (self).norm_rows(h, w)
    mixed = (self).attend(torch.linear(a, w[2], None), torch.linear(a, w[3], None), torch.linear(a, w[4], None), heads)
    return torch.add(h, torch.linear(mixed, w[5], w[6]))

  def self_attention_kept(self, h: Tensor, w: List[Tensor], heads: int) -> List[Tensor]:
    a = (self).norm_rows(h, w)
    return (self).attention_kept(h, a, a, w, heads)

  def self_attention_vjp(self, dy: Tensor, kept: List[Tensor], h: Tensor, w: List[Tensor], heads: int) -> List[Tensor]:
    dq, dk, dv = (self).attention_back(dy, kept, w)
    da = torch.addmm_(torch.addmm_(torch.matmul(dq, w[2]), dk, w[3]), dv, w[4])
    return [(self).norm_rows_back(da, h, w, dy)]

  # w = norm2, q, k, v, out
  def cross_attention(self, h: Tensor, text: Tensor, w: List[Tensor], heads: int) -> Tensor:
    q = torch.linear((self).norm_rows(h, w), w[2], None)
    mixed = (self).attend(q, torch.linear(text, w[3], None), torch.linear(text, w[4], None), heads)
    return torch.add(h, torch.linear(mixed, w[5], w[6]))

  def cross_attention_kept(self, h: Tensor, text: Tensor, w: List[Tensor], heads: int) -> List[Tensor]:
    return (self).attention_kept(h, (self).norm_rows(h, w), text, w, heads)

  def cross_attention_vjp(self, dy: Tensor, kept: List[Tensor], h: Tensor, text: Tensor, w: List[Tensor], heads: int) -> List[Tensor]:
    dq, dk, dv = (self).attention_back(dy, kept, w)
    dtext = torch.addmm_(torch.matmul(dk, w[3]), dv, w[4])
    return [(self).norm_rows_back(torch.matmul(dq, w[2]), h, w, dy), torch.view(dtext, torch.size(text))]

  # The result of an attention of the normalised h to a context, then questions, keys, values, their mixture and the logarithms of the
  # softmaxes' sums. What fused attention needs for its way back has a name of its own on the CPU.
  def attention_kept(self, h: Tensor, a: Tensor, context: Tensor, w: List[Tensor], heads: int) -> List[Tensor]:
    q = (self).heads_first(torch.linear(a, w[2], None), heads)
    k = (self).heads_first(torch.linear(context, w[3], None), heads)
    v = (self).heads_first(torch.linear(context, w[4], None), heads)
    mixed, sums = torch._scaled_dot_product_flash_attention_for_cpu(q, k, v)
    y = torch.add(h, torch.linear((self).heads_last(mixed), w[5], w[6]))
    return [y, q, k, v, mixed, sums]

  # cotangents of questions, keys and values as rows
  def attention_back(self, dy: Tensor, kept: List[Tensor], w: List[Tensor]) -> Tuple[Tensor, Tensor, Tensor]:
    q, k, v, mixed, sums, = kept
    dm = (self).heads_first(torch.matmul(dy, w[5]), torch.size(q, 1))
    dq, dk, dv = torch._scaled_dot_product_flash_attention_for_cpu_backward(dm, q, k, v, mixed, sums, 0., False)
    return ((self).head_rows(dq), (self).head_rows(dk), (self).head_rows(dv))

  def head_rows(self, x: Tensor) -> Tensor:
    rows = torch.mul(torch.size(x, 0), torch.size(x, 2))
    return torch.reshape(torch.transpose(x, 1, 2), [rows, -1])

  # the same with explicit probabilities [B, heads, H·W, S], which are returned beside the tokens
  def cross_attention_tapped(self, h: Tensor, text: Tensor, w: List[Tensor], heads: int) -> List[Tensor]:
    a = (self).norm_rows(h, w)
    p = (self).probabilities(torch.linear(a, w[2], None), torch.linear(text, w[3], None), heads)
    mixed = (self).heads_last(torch.matmul(p, (self).heads_first(torch.linear(text, w[4], None), heads)))
    return [torch.add(h, torch.linear(mixed, w[5], w[6])), p]

  # the probabilities alone: where a loss pass ends
  def cross_attention_map(self, h: Tensor, text: Tensor, w: List[Tensor], heads: int) -> Tensor:
    a = (self).norm_rows(h, w)
    return (self).probabilities(torch.linear(a, w[2], None), torch.linear(text, w[3], None), heads)

  # mean over heads, then over layers, of one sample's maps [B, heads, cells, S]: [S, cells]
  def mean_attention(self, maps: List[Tensor], sample: int) -> Tensor:
    sum = torch.mean(torch.select(maps[0], 0, sample), [0], False, dtype=None)
    for i in range(torch.sub(torch.len(maps), 1)):
      sum = torch.add(sum, torch.mean(torch.select(maps[torch.add(i, 1)], 0, sample), [0], False, dtype=None))
    return torch.contiguous(torch.transpose(torch.div(sum, torch.len(maps)), 0, 1))

  # its transpose: cotangent [S, cells] to that of one layer's map [1, heads, cells, S]
  def spread_attention(self, cotangent: Tensor, heads: int, layers: int) -> Tensor:
    share = torch.div(torch.transpose(cotangent, 0, 1), torch.mul(heads, layers))
    return torch.contiguous(torch.expand(torch.unsqueeze(torch.unsqueeze(share, 0), 0), [1, heads, torch.size(share, 0), torch.size(share, 1)]))

  # ---- VAE ------------------------------------------------------------------------------------------------------------

  # one head of full width over the grid; w = norm, q, k, v, out
  def grid_attention(self, x: Tensor, w: List[Tensor], groups: int, eps: float) -> Tensor:
    b = torch.size(x, 0)
    c = torch.size(x, 1)
    h = torch.view(torch.group_norm(x, groups, w[0], w[1], eps, False), [b, c, -1])
    a = torch.transpose(h, 1, 2)
    mixed = (self).attend_alone(torch.linear(a, w[2], w[3]), torch.linear(a, w[4], w[5]), torch.linear(a, w[6], w[7]))
    y = torch.transpose(torch.linear(mixed, w[8], w[9]), 1, 2)
    return torch.add(torch.reshape(y, torch.size(x)), x)

  # ---- AutoencoderTiny --------------------------------------------------------------------------------------------------

  def soft_clamp(self, x: Tensor) -> Tensor:
    return torch.mul(torch.tanh(torch.div(x, 3.)), 3.)

  def convolve_relu(self, x: Tensor, w: List[Tensor]) -> Tensor:
    return torch.relu((self).conv3(x, w[0], w[1]))

  def convolve_plain(self, x: Tensor, w: List[Tensor], stride: int) -> Tensor:
    return torch.conv2d(x, w[0], None, [stride, stride], [1, 1], [1, 1], 1)

  def upsample_plain(self, x: Tensor, factor: int, w: List[Tensor]) -> Tensor:
    size = [torch.mul(torch.size(x, 2), factor), torch.mul(torch.size(x, 3), factor)]
    return torch.conv2d(torch.upsample_nearest2d(x, size), w[0], None, [1, 1], [1, 1], [1, 1], 1)

  def tiny_block(self, x: Tensor, w: List[Tensor]) -> Tensor:
    h = torch.relu((self).conv3(x, w[0], w[1]))
    h = torch.relu((self).conv3(h, w[2], w[3]))
    return torch.relu(torch.add((self).conv3(h, w[4], w[5]), x))

  def affine(self, x: Tensor, scale: float, shift: float) -> Tensor:
    return torch.add(torch.mul(x, scale), shift)

  # ---- CLIP -----------------------------------------------------------------------------------------------------------

  def embed_text(self, ids: Tensor, w: List[Tensor]) -> Tensor:
    return torch.add(torch.embedding(w[0], ids), torch.slice(w[1], 0, 0, torch.size(ids, 1), 1))

  # [B, 3, H, W] to [B, 1 + patches, D], after the first norm; w = class, patches, positions, pre_layrnorm
  def embed_image(self, pixels: Tensor, w: List[Tensor], patch: int, antialias: bool, eps: float) -> Tensor:
    grid = torch.conv2d(pixels, w[1], None, [patch, patch], [0, 0], [1, 1], 1)
    b = torch.size(grid, 0)
    d = torch.size(grid, 1)
    positions = (self).positions_at(w[2], torch.size(grid, 2), torch.size(grid, 3), antialias)
    patches = torch.transpose(torch.view(grid, [b, d, -1]), 1, 2)
    first = torch.expand(torch.view(w[0], [1, 1, d]), [b, 1, d])
    h = torch.add(torch.cat([first, patches], 1), positions)
    return torch.layer_norm(h, [d], w[3], w[4], eps, False)

  # position embedding [1 + n², D] resampled to a grid of height × width: [1, 1 + height·width, D]
  def positions_at(self, table: Tensor, height: int, width: int, antialias: bool) -> Tensor:
    d = torch.size(table, 1)
    cells = torch.sub(torch.size(table, 0), 1)
    side = int(torch.round(torch.sqrt(cells)))
    if torch.__and__(torch.eq(height, side), torch.eq(width, side)):
      result = torch.unsqueeze(table, 0)
    else:
      grid = torch.view(torch.slice(table, 0, 1, None, 1), [1, side, side, d])
      grid = torch.permute(grid, [0, 3, 1, 2])
      if antialias:
        scaled = torch._upsample_bicubic2d_aa(grid, [height, width], False, None, None)
      else:
        scaled = torch.upsample_bicubic2d(grid, [height, width], False, None, None)
      flat = torch.reshape(torch.permute(scaled, [0, 2, 3, 1]), [1, torch.mul(height, width), d])
      result = torch.cat([torch.unsqueeze(torch.slice(table, 0, 0, 1, 1), 0), flat], 1)
    return result

  # of the weights of embed_image: [1 + height·width, D]
  def table_at(self, w: List[Tensor], height: int, width: int, antialias: bool) -> Tensor:
    return torch.clone((self).positions_at(w[2], height, width, antialias))

  # w = norm1, q, k, v, out, norm2, fc1, fc2
  def clip_layer(self, h: Tensor, w: List[Tensor], heads: int, causal: bool, quick: bool, eps: float) -> Tensor:
    d = torch.size(h, 2)
    a = torch.layer_norm(h, [d], w[0], w[1], eps, False)
    q = (self).heads_first(torch.linear(a, w[2], w[3]), heads)
    k = (self).heads_first(torch.linear(a, w[4], w[5]), heads)
    v = (self).heads_first(torch.linear(a, w[6], w[7]), heads)
    mixed = (self).heads_last(torch.scaled_dot_product_attention(q, k, v, None, 0., causal))
    h = torch.add(h, torch.linear(mixed, w[8], w[9]))
    u = torch.linear(torch.layer_norm(h, [d], w[10], w[11], eps, False), w[12], w[13])
    if quick:
      if torch.is_grad_enabled():
        u = torch.mul(u, torch.sigmoid(torch.mul(u, 1.702)))
      else:
        u = torch.mul_(u, torch.sigmoid_(torch.mul(u, 1.702)))
    else:
      u = torch.gelu(u)
    return torch.add(h, torch.linear(u, w[14], w[15]))

  def layer_norm(self, h: Tensor, w: List[Tensor], eps: float) -> Tensor:
    return torch.layer_norm(h, [torch.size(h, -1)], w[0], w[1], eps, False)

  # row index[b] of each sample: [B, D]
  def pick_rows(self, h: Tensor, index: Tensor) -> Tensor:
    d = torch.size(h, 2)
    at = torch.expand(torch.view(index, [-1, 1, 1]), [torch.size(h, 0), 1, d])
    return torch.squeeze(torch.gather(h, 1, at), 1)

  def first_rows(self, h: Tensor) -> Tensor:
    return torch.select(h, 1, 0)

  def later_rows(self, h: Tensor) -> Tensor:
    return torch.slice(h, 1, 1, None, 1)

  def project(self, h: Tensor, w: List[Tensor]) -> Tensor:
    return torch.linear(h, w[0], None)

  # ---- images -----------------------------------------------------------------------------------------------------------

  # decoded picture in (−1, 1) to CLIP's input: to [0, 1], clamped, bicubic without antialias, normalised
  def clip_pixels(self, x: Tensor, side: int, mean: Tensor, deviation: Tensor) -> Tensor:
    unit = torch.clamp(torch.add(torch.mul(x, 0.5), 0.5), 0., 1.)
    scaled = torch.upsample_bicubic2d(unit, [side, side], False, None, None)
    return torch.div(torch.sub(scaled, torch.view(mean, [1, 3, 1, 1])), torch.view(deviation, [1, 3, 1, 1]))

  # ---- VLAD -------------------------------------------------------------------------------------------------------------

  def adapt(self, x: Tensor, weight: Tensor, bias: Tensor) -> Tensor:
    return torch.linear(x, weight, bias)

  # rows of length 1; a row of zeros stays
  def unit_rows(self, x: Tensor) -> Tensor:
    return torch.div(x, torch.clamp_min(torch.linalg_vector_norm(x, 2, [-1], True, dtype=None), 9.9999999999999998e-13))

  # unit rows [B, L, C] against two unit rows of text, normal and abnormal: the softmax's share of the second, [B, L]
  def abnormal_share(self, x: Tensor, text: Tensor, scale: float) -> Tensor:
    direction = torch.sub(torch.select(text, 0, 1), torch.select(text, 0, 0))
    return torch.sigmoid(torch.mul(torch.matmul(x, direction), scale))

  # one stage of the vision-language branch in training, from tokens [B, L, D] to shares [B, L]; each picture has a direction of its
  # own from its unit row of good to that of damaged, [B, C]
  def adapted_share(self, x: Tensor, weight: Tensor, bias: Tensor, directions: Tensor, scale: float) -> Tensor:
    unit = (self).unit_rows((self).adapt(x, weight, bias))
    return torch.sigmoid(torch.mul(torch.squeeze(torch.matmul(unit, torch.unsqueeze(directions, 2)), 2), scale))

  # unit rows [Q, C] against a bank of unit rows [N, C]: 1 − the largest cosine, [Q]. The bank in parts whose products stay
  # below 24 MB, widened where it is stored in half precision.
  def nearest_distance(self, x: Tensor, bank: Tensor) -> Tensor:
    queries = torch.view(x, [-1, torch.size(x, -1)])
    rows = torch.add(torch.floordiv(6000000, ops.prim.max(torch.size(queries, 0), torch.size(bank, 1))), 1)
    parts = torch.split(bank, rows, 0)
    best = torch.amax(torch.matmul(queries, torch.t(torch.to(parts[0], 6))), [1])
    for i in range(torch.sub(torch.len(parts), 1)):
      part = torch.to(parts[torch.add(i, 1)], 6)
      best = torch.maximum(best, torch.amax(torch.matmul(queries, torch.t(part)), [1]))
    return torch.rsub(best, 1, 1)

  def as_half(self, x: Tensor) -> Tensor:
    return torch.to(x, 5)
