"""Pictures for the demonstration, painted: a street with something wrong on it, or put right. No photograph of anybody."""

from __future__ import annotations

import io
import random

from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter

_SIZE = (1024, 768)
_HORIZON = 0.42
_BY_FIELD = {
    "drainage": "water", "flooding": "water", "water_supply": "water", "street_lighting": "night", "electricity": "night",
    "waste_collection": "heap", "pollution": "heap", "trees": "tree"
}


def picture(field: str, seed: int, mended: bool = False) -> bytes:
    """A JPEG for a field of work; `seed` moves houses and damage about; `mended`: after the work was done."""
    dice = random.Random(seed)
    kind = _BY_FIELD.get(field, "hole")
    night = kind == "night"
    image = _street(dice, night)
    if kind == "tree":
        _tree(image, dice, leaning=not mended)
    elif night:
        image = _lamps(image, lit=mended)
    elif not mended:
        image = {"water": _water, "heap": _heap}.get(kind, _hole)(image, dice)
    else:
        _patch(image)
    return _as_photo(image, dice)


def _cloud(size: tuple[int, int], grain: int, sigma: float) -> Image.Image:
    """Grey noise with features of about `grain` pixels."""
    small = Image.effect_noise((max(2, size[0] // grain), max(2, size[1] // grain)), sigma)
    return small.resize(size, Image.Resampling.BICUBIC)


def _ground(size: tuple[int, int], colour: tuple[int, int, int], rough: float) -> Image.Image:
    """A surface of one colour, uneven near and far."""
    texture = ImageChops.add(_cloud(size, 90, 20 * rough), _cloud(size, 4, 34 * rough), 2)
    shade = Image.merge("RGB", [texture] * 3)
    return ImageChops.add(Image.new("RGB", size, colour), shade, 1, -128)


def _street(dice: random.Random, night: bool) -> Image.Image:
    width, height = _SIZE
    horizon = int(height * _HORIZON)
    sky = Image.linear_gradient("L").resize((width, height))
    top, low = ((18, 24, 44), (60, 58, 70)) if night else ((112, 152, 196), (222, 228, 230))
    image = Image.composite(Image.new("RGB", _SIZE, low), Image.new("RGB", _SIZE, top), sky.point(lambda v: min(255, v * 2)))
    clouds = _cloud(_SIZE, 130, 70).point(lambda v: max(0, (v - 110) * 2))
    image.paste(Image.new("RGB", _SIZE, (74, 74, 88) if night else (246, 246, 244)), mask=clouds)
    _far_side(image, dice, horizon, night)
    verge = _ground((width, height - horizon), (40, 46, 34) if night else (112, 122, 78), 1.0)
    image.paste(verge, (0, horizon))
    _road(image, horizon, night)
    return image


def _far_side(image: Image.Image, dice: random.Random, horizon: int, night: bool) -> None:
    """Houses and trees along the horizon, smaller towards the middle."""
    draw = ImageDraw.Draw(image)
    width = image.width
    vanishing = width * 0.52
    spots = sorted((dice.uniform(-60, width + 60) for _ in range(26)), key=lambda x: abs(x - vanishing))
    for x in spots:
        scale = 0.18 + abs(x - vanishing) / width * 1.35
        if dice.random() < 0.55:
            w, h = dice.uniform(70, 130) * scale, dice.uniform(80, 190) * scale
            base = [dice.randint(150, 222), dice.randint(140, 205), dice.randint(120, 180)]
            wall = tuple(c // (5 if night else 1) for c in base)
            draw.rectangle((x - w / 2, horizon + 14 * scale - h, x + w / 2, horizon + 14 * scale), fill=wall)
            roof = (58, 30, 26) if night else (150, 74, 58)
            eaves = horizon + 14 * scale - h
            draw.polygon([(x - w * 0.56, eaves), (x, horizon - h * 1.22), (x + w * 0.56, eaves)], fill=roof)
            pane = (236, 206, 128) if night and dice.random() < 0.6 else (70, 82, 92)
            for column in (-0.25, 0.2):
                at = x + w * column
                draw.rectangle((at - w * 0.09, horizon - h * 0.62, at + w * 0.09, horizon - h * 0.36), fill=pane)
        else:
            for _ in range(16):
                dx, dy, r = dice.gauss(0, 30) * scale, dice.uniform(20, 130) * scale, dice.uniform(12, 34) * scale
                green = dice.randint(52, 110)
                leaf = (green // 2, green, green // 3)
                draw.ellipse((x + dx - r, horizon - dy - r, x + dx + r, horizon - dy + r),
                             fill=tuple(c // (4 if night else 1) for c in leaf))
    band = image.crop((0, 0, width, horizon + 30)).filter(ImageFilter.GaussianBlur(2.2))
    image.paste(band, (0, 0))


def _road(image: Image.Image, horizon: int, night: bool) -> None:
    width, height = image.size
    middle = width * 0.52
    shape = Image.new("L", image.size)
    edges = [(middle - 22, horizon), (middle + 22, horizon), (width * 1.08, height), (-width * 0.10, height)]
    ImageDraw.Draw(shape).polygon(edges, fill=255)
    asphalt = _ground(image.size, (46, 46, 50) if night else (118, 116, 114), 0.8)
    image.paste(asphalt, mask=shape.filter(ImageFilter.GaussianBlur(2)))
    draw = ImageDraw.Draw(image, "RGBA")
    for n in range(9):  # the dashes of the middle line, nearer ones longer
        near, far = (n / 9) ** 2.1, ((n + 0.5) / 9) ** 2.1
        y0, y1 = horizon + near * (height - horizon), horizon + far * (height - horizon)
        x0, x1 = middle - near * 26, middle - far * 26
        draw.polygon([(x0 - near * 9, y0), (x0 + near * 9, y0), (x1 + far * 9, y1), (x1 - far * 9, y1)],
                     fill=(214, 210, 196, 70 if night else 150))


def _blob(dice: random.Random, centre: tuple[float, float], size: tuple[float, float]) -> Image.Image:
    """An uneven patch lying on the ground, as a mask."""
    mask = Image.new("L", _SIZE)
    draw = ImageDraw.Draw(mask)
    for _ in range(26):
        x, y = dice.gauss(centre[0], size[0] / 2.6), dice.gauss(centre[1], size[1] / 2.6)
        r = dice.uniform(0.25, 0.6)
        draw.ellipse((x - size[0] * r, y - size[1] * r, x + size[0] * r, y + size[1] * r), fill=255)
    return mask.filter(ImageFilter.GaussianBlur(3))


def _hole(image: Image.Image, dice: random.Random) -> Image.Image:
    centre = (dice.uniform(380, 640), dice.uniform(560, 640))
    image.paste(_ground(_SIZE, (142, 128, 108), 1.3), mask=_blob(dice, centre, (150, 46)))
    image.paste(_ground(_SIZE, (44, 38, 34), 1.2), mask=_blob(dice, (centre[0] + 6, centre[1] + 8), (92, 26)))
    draw = ImageDraw.Draw(image)
    for _ in range(90):  # loose stones
        x, y, r = dice.gauss(centre[0], 150), dice.gauss(centre[1] + 10, 46), dice.uniform(1.5, 6)
        grey = dice.randint(90, 180)
        draw.ellipse((x - r, y - r * 0.6, x + r, y + r * 0.6), fill=(grey, grey - 6, grey - 16))
    return image


def _water(image: Image.Image, dice: random.Random) -> Image.Image:
    """A street under water: what stands above it is mirrored, brown and uneven."""
    level = int(_SIZE[1] * dice.uniform(0.46, 0.5))
    depth = _SIZE[1] - level
    mirror = image.crop((0, level - depth // 2, _SIZE[0], level)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    mirror = mirror.resize((_SIZE[0], depth)).filter(ImageFilter.GaussianBlur(7))
    brown = Image.blend(mirror, Image.new("RGB", mirror.size, (126, 106, 78)), 0.62)
    ripples = Image.effect_noise((_SIZE[0] // 40, depth // 5), 26).resize(brown.size, Image.Resampling.BICUBIC)
    image.paste(ImageChops.add(brown, Image.merge("RGB", [ripples] * 3), 1, -128), (0, level))
    draw = ImageDraw.Draw(image)
    for _ in range(24):  # leaves and straw adrift
        x, y = dice.uniform(0, _SIZE[0]), dice.uniform(level + 20, _SIZE[1])
        draw.ellipse((x, y, x + dice.uniform(4, 22), y + dice.uniform(2, 6)), fill=(92, 84, 52))
    return image


def _heap(image: Image.Image, dice: random.Random) -> Image.Image:
    draw = ImageDraw.Draw(image)
    x0, y0 = dice.uniform(220, 330), 610
    colours = [(32, 32, 36), (40, 40, 44), (214, 212, 204), (96, 110, 128), (146, 92, 80), (170, 152, 112), (84, 92, 74)]
    for n in range(110):
        rise = abs(dice.gauss(0, 1))
        x, y = x0 + dice.gauss(0, 120) / (1 + rise * 0.3), y0 - rise * 52 + n * 0.35
        w, h = dice.uniform(14, 52), dice.uniform(12, 40)
        colour = tuple(max(0, min(255, c + dice.randint(-24, 24))) for c in dice.choice(colours))
        points = sorted((x + dice.uniform(-w, w), y + dice.uniform(-h, h)) for _ in range(dice.randint(4, 7)))
        draw.polygon(points, fill=colour)
        draw.ellipse((x - w / 2, y - h / 2, x + w / 2, y + h / 2), fill=tuple(int(c * 0.86) for c in colour))
    lower = image.crop((0, 380, 700, 768)).filter(ImageFilter.GaussianBlur(1.8))
    image.paste(lower, (0, 380))
    return image


def _tree(image: Image.Image, dice: random.Random, leaning: bool) -> None:
    draw = ImageDraw.Draw(image)
    foot, lean = (210, 650), 190 if leaning else 16
    top = (foot[0] + lean, 250)
    (x0, y0), (x1, y1) = foot, top
    draw.polygon([(x0 - 26, y0), (x0 + 30, y0), (x1 + 12, y1), (x1 - 10, y1)], fill=(84, 66, 48))
    for _ in range(170):
        x, y, r = dice.gauss(top[0] + lean * 0.2, 92), dice.gauss(top[1] - 40, 74), dice.uniform(12, 38)
        green = dice.randint(60, 132)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=(green // 2, green, green // 3))
    if leaning:
        draw.ellipse((foot[0] - 18, foot[1] - 62, foot[0] + 14, foot[1] - 8), fill=(38, 28, 20))


def _lamps(image: Image.Image, lit: bool) -> Image.Image:
    draw = ImageDraw.Draw(image)
    for x, scale in ((838, 1.0), (690, 0.5), (618, 0.28)):
        foot, head = 700 - (1 - scale) * 330, 700 - (1 - scale) * 330 - 520 * scale
        draw.line((x, foot, x, head), fill=(52, 54, 58), width=max(2, int(12 * scale)))
        draw.line((x, head, x - 90 * scale, head - 18 * scale), fill=(52, 54, 58), width=max(2, int(8 * scale)))
        if lit:
            glow = Image.new("L", _SIZE)
            r = 120 * scale
            ImageDraw.Draw(glow).ellipse((x - 90 * scale - r, head - r, x - 90 * scale + r, head + r), fill=150)
            image.paste(Image.new("RGB", _SIZE, (255, 226, 160)), mask=glow.filter(ImageFilter.GaussianBlur(46 * scale)))
            draw.ellipse((x - 100 * scale, head - 26 * scale, x - 80 * scale, head - 10 * scale), fill=(255, 248, 220))
    return image


def _patch(image: Image.Image) -> None:
    """New asphalt where the damage was."""
    mask = Image.new("L", _SIZE)
    ImageDraw.Draw(mask).polygon([(330, 690), (700, 690), (640, 560), (400, 560)], fill=255)
    image.paste(_ground(_SIZE, (62, 62, 66), 0.5), mask=mask.filter(ImageFilter.GaussianBlur(3)))


def _as_photo(image: Image.Image, dice: random.Random) -> bytes:
    """What a telephone makes of it: a crooked horizon, darker corners, grain."""
    image = image.rotate(dice.uniform(-1.6, 1.6), Image.Resampling.BILINEAR)
    image = image.crop((24, 24, _SIZE[0] - 24, _SIZE[1] - 24)).filter(ImageFilter.BoxBlur(0.7))
    corners = Image.radial_gradient("L").resize(image.size).point(lambda v: 255 - max(0, v - 150) // 2)
    image = ImageChops.multiply(image, Image.merge("RGB", [corners] * 3))
    grain = Image.merge("RGB", [_cloud(image.size, 2, 12)] * 3)
    image = ImageEnhance.Contrast(ImageChops.add(image, grain, 1, -128)).enhance(1.08)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=84)
    return out.getvalue()
