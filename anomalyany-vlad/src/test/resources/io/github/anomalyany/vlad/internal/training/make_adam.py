# SPDX-License-Identifier: Apache-2.0
"""Writes adam.json beside this file: 20 steps of torch.optim.Adam with CosineAnnealingLR stepped per epoch of 5 steps.

PyTorch 2.15.0; any version since 1.0 computes the same.
"""

import json
import pathlib

import torch

EPOCHS, STEPS = 4, 5
SIZES = [6, 4, 3]
CASES = [
    dict(name="plain", rate=1e-3, betas=(0.9, 0.999), decay=0.0, norm=0.0),
    dict(name="decay", rate=1e-2, betas=(0.5, 0.999), decay=0.1, norm=0.0),
    dict(name="clipping", rate=1e-2, betas=(0.9, 0.99), decay=0.0, norm=0.5),
    dict(name="decay and clipping", rate=0.05, betas=(0.9, 0.999), decay=0.05, norm=1.0),
]


def run(case, random):
    start = [torch.randn(n, generator=random) for n in SIZES]
    parameters = [torch.nn.Parameter(s.clone()) for s in start]
    adam = torch.optim.Adam(parameters, lr=case["rate"], betas=case["betas"], eps=1e-8, weight_decay=case["decay"])
    cosine = torch.optim.lr_scheduler.CosineAnnealingLR(adam, T_max=EPOCHS, eta_min=0)
    rates, gradients, after = [], [], []
    for _ in range(EPOCHS):
        rates.append(adam.param_groups[0]["lr"])
        for _ in range(STEPS):
            # some steps are within the norm, some are not
            drawn = [torch.randn(n, generator=random) * 10 ** (-3 * torch.rand(1, generator=random)) for n in SIZES]
            gradients.append([g.tolist() for g in drawn])
            for p, g in zip(parameters, drawn):
                p.grad = g.clone()
            if case["norm"] > 0:
                torch.nn.utils.clip_grad_norm_(parameters, case["norm"])
            adam.step()
            after.append([p.detach().tolist() for p in parameters])
        cosine.step()
    return dict(case, start=[s.tolist() for s in start], rates=rates, gradients=gradients, after=after)


random = torch.Generator().manual_seed(5)
cases = [run(case, random) for case in CASES]
# the paper's schedule: 200 epochs from 1e-4
single = torch.optim.Adam([torch.nn.Parameter(torch.zeros(1))], lr=1e-4)
cosine = torch.optim.lr_scheduler.CosineAnnealingLR(single, T_max=200, eta_min=0)
paper = []
for _ in range(200):
    paper.append(single.param_groups[0]["lr"])
    single.step()
    cosine.step()
file = pathlib.Path(__file__).with_name("adam.json")
file.write_text(json.dumps(dict(epochs=EPOCHS, steps=STEPS, cases=cases, paper=paper)).replace("], [", "],\n[") + "\n")
