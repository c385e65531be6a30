"""Cut the fonts of ECG pages down to the letters that pages use: subset_fonts.py FOLDER_OF_TTFS einthoven/render/fonts

Needs fonttools (`pip install fonttools`). The TTFs are those of Google Fonts, found by name anywhere below the folder.
Kerning goes too: Pillow's basic layout, which is the same on every machine, makes no use of it.
"""

import sys
from pathlib import Path

FONTS = {
    "sans.ttf": "Arimo_400Regular.ttf",
    "sans-bold.ttf": "Arimo_700Bold.ttf",
    "serif.ttf": "Tinos_400Regular.ttf",
    "mono.ttf": "Cousine_400Regular.ttf",
    "hand.ttf": "Caveat_400Regular.ttf",
    "hand2.ttf": "IndieFlower_400Regular.ttf",
}
LETTERS = "".join(map(chr, range(0x20, 0x7F))) + "°µ±×–·²♥"
DROPPED = ["GPOS", "GSUB", "GDEF", "STAT", "DSIG", "VDMX", "hdmx", "LTSH", "gasp", "fpgm", "cvt ", "prep"]
WHOLE_SIZES = 1 << 3  # the flag of a font that is drawn at whole sizes only
# Smooth at all sizes, then a push and a pop. With a program of up to seven bytes FreeType would hint the letters by
# itself, and a capital letter would no longer be as high as it was asked to be.
SMOOTH = bytes.fromhex("b801ff85b0048d" + "b00021")


def subset(source: Path, target: Path) -> None:
    """Write one font with only the letters of pages; its names, copyright and licence stay in it."""
    from fontTools.subset import Options, Subsetter  # type: ignore[import-not-found, import-untyped, unused-ignore]
    from fontTools.ttLib import TTFont, newTable  # type: ignore[import-not-found, import-untyped, unused-ignore]
    from fontTools.ttLib.tables.ttProgram import Program  # type: ignore[import-not-found, import-untyped, unused-ignore]

    font = TTFont(source, recalcTimestamp=False)
    cutter = Subsetter(Options(hinting=False, notdef_outline=True, drop_tables=DROPPED, name_IDs=["*"]))
    cutter.populate(text=LETTERS)
    cutter.subset(font)
    font["head"].flags &= ~WHOLE_SIZES
    font["prep"] = newTable("prep")
    font["prep"].program = Program()
    font["prep"].program.fromBytecode(SMOOTH)
    font.save(target)


if __name__ == "__main__":
    folder, package = Path(sys.argv[1]), Path(sys.argv[2])
    package.mkdir(exist_ok=True)
    for name, original in FONTS.items():
        subset(next(folder.rglob(original)), package / name)
