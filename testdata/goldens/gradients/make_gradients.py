#!/usr/bin/env python3
"""Makes the gradients' goldens: the losses of guidance and their central differences, all in float64, on the small models here.

    make_gradients.py [--only NAME]     writes NAME.safetensors beside this file

What is in the files and how to compare with it is in README.md.
"""

import argparse
import json
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

GOLDENS = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(GOLDENS))

import torch
import torch.nn.functional as F
from make_goldens import F32, F64, load, load_tokenizer, randn, rng, save_tensors, token_ids

CLIP_MEAN = torch.tensor([0.48145466, 0.4578275, 0.40821073], dtype=F64)[:, None, None]
CLIP_DEVIATION = torch.tensor([0.26862954, 0.26130258, 0.27577711], dtype=F64)[:, None, None]

DIRECTIONS = 4
COORDINATES = 8
STEP = 3e-4  # of central differences, the length of the way to either side
AUTOGRAD_AGREES = 1e-6  # relative
NO_TIE = 0.01  # least distance, relative, between the largest and the next cell, and between words
NO_CLAMP = 1e-5  # least distance of a pixel from 0 and 1, where the gradient jumps
LEAST_SLOPE = 0.5  # of a direction, in units of what a random one has


@dataclass(frozen=True)
class Case:
    name: str
    model: str
    clip: str
    scheduler: str
    strength: float
    size: tuple[int, int]  # of the latents
    region: tuple[int, int, int, int]  # x, y, width, height in pixels
    prompt: str
    words: tuple[str, ...]
    description: str
    steps: int = 20


ROUGH = "a photo of wood with a rough crack", ("rough", "crack"), "a deep rough crack runs across the wood"
CASES = (
    Case("epsilon", "models/sd15-tiny", "models/clip-quick-gelu-tiny", "ddim", 0.5, (16, 16), (20, 36, 70, 50), *ROUGH),
    Case("epsilon-euler", "models/sd15-tiny", "models/clip-quick-gelu-tiny", "euler", 0.4, (16, 24), (50, 10, 100, 90), *ROUGH),
    Case("v", "models/sd21-tiny", "models/clip-gelu-tiny", "ddim", 0.3, (24, 16), (10, 70, 100, 90), *ROUGH),
    Case("v-euler", "models/sd21-tiny", "models/clip-gelu-tiny", "euler", 0.5, (16, 16), (40, 25, 50, 80), *ROUGH),
    Case("reference", "reference-trace/bundle", "reference-trace/clip", "ddim", 0.25, (16, 24), (30, 20, 120, 70),
         "a photo of a carpet with efflorescence and a hole", ("efflorescence", "hole"), "a carpet with a frayed hole"),
)


class Recorder:
    """Attention with a softmax whose result is kept, [batch, heads, cells, positions], at the precision of its input."""

    def __call__(self, attn, hidden_states, encoder_hidden_states=None, attention_mask=None, **_):
        heads = lambda x: x.unflatten(2, (attn.heads, -1)).transpose(1, 2)
        query, key = heads(attn.to_q(hidden_states)), heads(attn.to_k(encoder_hidden_states))
        self.probabilities = torch.softmax(query @ key.transpose(2, 3) / query.shape[3] ** 0.5, dim=-1)
        mixed = self.probabilities @ heads(attn.to_v(encoder_hidden_states))
        return attn.to_out[0](mixed.transpose(1, 2).flatten(2))


class Losses:
    """The losses of one case as functions of the scheduler's state x [1, C, h, w] and the embeddings."""

    def __init__(self, case: Case):
        self.case = case
        folder = GOLDENS / case.model
        self.unet = load("UNet2DConditionModel", folder / "unet", F64)
        self.vae = load("AutoencoderKL", folder / "vae", F64)
        self.clip = load("CLIPModel", GOLDENS / case.clip, F64)
        self.recorders = {n: Recorder() for n, _ in self.unet.named_modules() if n.endswith(".attn2")}
        for name, recorder in self.recorders.items():
            self.unet.get_submodule(name).set_processor(recorder)
        kinds = self.unet.config.down_block_types
        level = max(i for i, kind in enumerate(kinds) if "CrossAttn" in kind)
        self.tapped = [r for n, r in self.recorders.items()
                       if n.startswith((f"down_blocks.{level}.", f"up_blocks.{len(kinds) - 1 - level}."))]
        self.grid = tuple(side >> level for side in case.size)
        self.picture = torch.zeros(1, dtype=F64)  # the last that CLIP saw, before the clamp
        self.schedule()

    def schedule(self):
        import diffusers

        case = self.case
        config = json.loads((GOLDENS / case.model / "scheduler/scheduler_config.json").read_text())
        kind = {"ddim": diffusers.DDIMScheduler, "euler": diffusers.EulerDiscreteScheduler}[case.scheduler]
        scheduler = kind.from_config({k: v for k, v in config.items() if not k.startswith("_")} | {"timestep_spacing": "leading"})
        scheduler.set_timesteps(case.steps)
        self.timestep = float(scheduler.timesteps[case.steps - int(case.steps * case.strength)])
        betas = torch.linspace(config["beta_start"] ** 0.5, config["beta_end"] ** 0.5, config["num_train_timesteps"], dtype=F64) ** 2
        self.alpha = float(torch.cumprod(1 - betas, 0)[int(self.timestep)])
        self.velocity = config.get("prediction_type", "epsilon") == "v_prediction"

    def region(self):
        """Share of each cell of the attention's grid."""
        x, y, w, h = self.case.region
        mask = torch.zeros(1, *(8 * side for side in self.case.size), dtype=F64)
        mask[:, y : y + h, x : x + w] = 1
        return F.adaptive_avg_pool2d(mask, self.grid)[0]

    @cached_property
    def positions(self):
        """Of each word's pieces in the prompt."""
        text = self.case.prompt
        offsets = load_tokenizer(GOLDENS / self.case.model / "tokenizer")(text, return_offsets_mapping=True)["offset_mapping"]
        spans = [(text.index(word), text.index(word) + len(word)) for word in self.case.words]
        return [[i for i, (a, b) in enumerate(offsets) if start <= a < b <= end] for start, end in spans]

    @cached_property
    def description(self):
        """CLIP's embedding of the description."""
        own = GOLDENS / self.case.clip
        ids = token_ids(own if (own / "vocab.json").exists() else GOLDENS / self.case.model / "tokenizer", [self.case.description])
        return self.clip.text_projection(self.clip.text_model(ids).pooler_output)

    def encode(self, *texts):
        folder = GOLDENS / self.case.model
        return load("CLIPTextModel", folder / "text_encoder", F64)(token_ids(folder / "tokenizer", list(texts))).last_hidden_state

    def network_input(self, x):
        """Euler's state is x̂_0 + σ·ε, which its network takes divided by √(σ²+1) = 1/√ᾱ."""
        return x * self.alpha**0.5 if self.case.scheduler == "euler" else x

    def predict(self, x, text):
        return self.unet(self.network_input(x), torch.tensor(self.timestep), text).sample

    # L_att

    def word_maps(self, x, text):
        """Smoothed attention of each word times the region, [words, cells]."""
        self.predict(x, text)
        a = torch.stack([r.probabilities[0].mean(0) for r in self.tapped]).mean(0)
        share = torch.softmax(100 * a[:, 1:-1], dim=1).T.unflatten(1, self.grid)
        line = torch.exp(-torch.arange(-1, 2, dtype=F64) ** 2)  # a Gaussian of σ = 0.5 as Attend-and-Excite has it
        kernel = torch.outer(line, line) / line.sum() ** 2
        smooth = F.conv2d(F.pad(share[:, None], (1, 1, 1, 1), mode="reflect"), kernel[None, None])[:, 0]
        words = torch.stack([smooth[[p - 1 for p in pieces]].mean(0) for pieces in self.positions])
        return (words * self.region()).flatten(1)

    def attention(self, x, text):
        return 1 - self.word_maps(x, text).amax(1).min()

    # L_img

    def seen(self, latents):
        side = self.clip.config.vision_config.image_size
        self.picture = self.vae.decode(latents / self.vae.config.scaling_factor).sample / 2 + 0.5
        small = F.interpolate(self.picture.clamp(0, 1), (side, side), mode="bicubic", align_corners=False, antialias=False)
        pooled = self.clip.vision_model((small - CLIP_MEAN) / CLIP_DEVIATION).pooler_output
        return 1 - F.cosine_similarity(self.clip.visual_projection(pooled), self.description).squeeze()

    def original(self, x, text):
        """ẑ_0 as the scheduler derives it from its own state."""
        out, alpha = self.predict(x, text), self.alpha
        if self.case.scheduler == "euler":
            sigma = ((1 - alpha) / alpha) ** 0.5
            return x / (sigma**2 + 1) - out * sigma / (sigma**2 + 1) ** 0.5 if self.velocity else x - sigma * out
        return alpha**0.5 * x - (1 - alpha) ** 0.5 * out if self.velocity else (x - (1 - alpha) ** 0.5 * out) / alpha**0.5

    def image(self, x):
        return self.seen(self.network_input(x))

    def image_predicted(self, x, text):
        return self.seen(self.original(x, text))

    # L_prompt, of [positions, width] and of [2, positions, width]

    @staticmethod
    def prompt_width(text, description):
        return 1 - F.cosine_similarity(text, description, dim=1).mean()

    @staticmethod
    def prompt_positions(text, description):
        return 1 - F.cosine_similarity(text, description, dim=1).mean()


def inside(picture):
    return (picture >= 0) & (picture <= 1)


def tie(losses, x, text):
    """Relative distance to the nearest kink of the attention loss."""
    best = losses.word_maps(x, text).topk(2, dim=1).values
    words = best[:, 0].sort().values
    return min(float((1 - best[:, 1] / best[:, 0]).min()), float(1 - words[0] / words[1]))


def clamping(losses, x, text):
    """Of the two pictures that CLIP sees: least distance of a pixel from the clamp, shares of clamped pixels."""
    pictures = []
    for _ in (losses.image(x), losses.image_predicted(x, text)):
        pictures.append(losses.picture)
    return min(float(torch.minimum(p.abs(), (p - 1).abs()).min()) for p in pictures), [float((~inside(p)).to(F64).mean()) for p in pictures]


def inputs(losses: Losses) -> dict:
    """Single precision, away from ties; the state and the embeddings of a run on its way."""
    case = losses.case
    encoded = losses.encode("", case.prompt, case.description)
    for attempt in range(200):
        key = ("gradients", case.name, attempt)
        x = randn(1, losses.unet.config.in_channels, *case.size, key=(*key, "latents"))
        if case.scheduler == "euler":
            x = x / losses.alpha**0.5
        text = (encoded[:2] + 0.1 * randn(2, *encoded.shape[1:], key=(*key, "text"))).to(F32)
        point = x.to(F64), text[1:].to(F64)
        if tie(losses, *point) > NO_TIE and clamping(losses, *point)[0] > NO_CLAMP:
            return {"latents": x, "text": text, "description": encoded[[0, 2]].to(F32)}
    raise SystemExit(f"{case.name}: every draw is too near to a kink")


def functions(losses: Losses, x: dict) -> dict:
    """Each loss as a function of its variables alone, and where these are."""
    latents, text, description = (x[n].to(F64) for n in ("latents", "text", "description"))
    both = {"latents": latents, "text": text[1:]}
    return {
        "attention": (losses.attention, both),
        "image": (losses.image, {"latents": latents}),
        "predicted": (losses.image_predicted, both),
        "prompt_width": (lambda t: losses.prompt_width(t[0], description[1]), {"text": text[1:]}),
        "prompt_positions": (lambda t: losses.prompt_positions(t, description), {"both": text}),
    }


def autograd(function, variables: dict) -> dict:
    leaves = {n: v.clone().requires_grad_() for n, v in variables.items()}
    loss = function(*leaves.values())
    return dict(zip(leaves, torch.autograd.grad(loss, list(leaves.values())), strict=True))


class Slopes:
    """Central differences of one loss by one of its variables, checked against autograd."""

    def __init__(self, losses, function, variables, name, gradient, key):
        self.losses, self.function, self.variables, self.name, self.gradient = losses, function, variables, name, gradient
        self.generator = rng(*key)
        self.worst = 0.0

    def at(self, offset):
        with torch.no_grad():
            loss = float(self.function(*(v + offset if n == self.name else v for n, v in self.variables.items())))
        return loss, inside(self.losses.picture)

    def along(self, direction):
        """The central difference; None where a pixel is clamped on one side only."""
        offset = STEP / float(direction.norm()) * direction
        (plus, plus_inside), (minus, minus_inside) = self.at(offset), self.at(-offset)
        if not torch.equal(plus_inside, minus_inside):
            return None
        slope, expected = (plus - minus) * float(direction.norm()) / (2 * STEP), float((self.gradient * direction).sum())
        self.worst = max(self.worst, abs(slope - expected) / abs(expected))
        return slope

    def directions(self):
        """Of ±1, none of them nearly orthogonal to the gradient."""
        chosen, along = [], []
        while len(chosen) < DIRECTIONS:
            d = torch.randint(0, 2, self.gradient.shape, generator=self.generator) * 2 - 1
            if abs(float((self.gradient * d).sum())) > LEAST_SLOPE * float(self.gradient.norm()):
                slope = self.along(d.to(F64))
                if slope is not None:
                    chosen.append(d.to(torch.int8))
                    along.append(slope)
        return torch.stack(chosen), torch.tensor(along, dtype=F64)

    def coordinates(self):
        """Some of those that have at least the gradient's root mean square."""
        flat, chosen, along = self.gradient.abs().flatten(), [], []
        large = (flat >= flat.square().mean().sqrt()).nonzero()[:, 0]
        for i in large[torch.randperm(len(large), generator=self.generator)]:
            if len(chosen) == COORDINATES:
                break
            slope = self.along(F.one_hot(i, len(flat)).reshape(self.gradient.shape).to(F64))
            if slope is not None:
                chosen.append(i)
                along.append(slope)
        return torch.stack(chosen), torch.tensor(along, dtype=F64)


def make(case: Case):
    losses = Losses(case)
    with torch.no_grad():
        x = inputs(losses)
        point = x["latents"].to(F64), x["text"][1:].to(F64)
        shares, nearest_tie = clamping(losses, *point)[1], tie(losses, *point)
    tensors = {f"in.{k}": v for k, v in x.items()}
    tensors["out.word_positions"] = torch.tensor([p for pieces in losses.positions for p in pieces])
    worst = 0.0
    for name, (function, variables) in functions(losses, x).items():
        with torch.no_grad():
            tensors[f"out.{name}.loss"] = function(*variables.values()).clone()
        for variable, gradient in autograd(function, variables).items():
            slopes = Slopes(losses, function, variables, variable, gradient, (case.name, name, variable))
            for kind, (where, along) in {"directions": slopes.directions(), "coordinates": slopes.coordinates()}.items():
                tensors[f"in.{name}.{variable}.{kind}"] = where
                tensors[f"out.{name}.{variable}.{kind}"] = along
            worst = max(worst, slopes.worst)
            print(f"{case.name:14} {name:17} {variable:8} loss {float(tensors[f'out.{name}.loss']):.6f}"
                  f"  |g| {float(gradient.norm()):.3g}  autograd {slopes.worst:.1e} apart", flush=True)
    assert worst < AUTOGRAD_AGREES, f"{case.name}: autograd and central differences are {worst} apart"
    about = {k: getattr(case, k) for k in ("model", "clip", "scheduler", "steps", "strength", "size", "region", "prompt", "words", "description")}
    about |= {"timestep": losses.timestep, "autograd_apart": float(f"{worst:.1e}"), "tie": round(nearest_tie, 3),
              "clamped": [round(share, 3) for share in shares]}
    print(json.dumps(about))
    folder = Path(__file__).resolve().parent
    save_tensors({k: v.contiguous() for k, v in tensors.items()}, folder / f"{case.name}.safetensors", {"about": json.dumps(about)})


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", default="")
    only = parser.parse_args().only
    torch.set_num_threads(1)  # as fast at this size, and the same sums on every machine
    for case in CASES:
        if only in ("", case.name):
            make(case)
