"""Names as a BCBP can hold them: at most 20 characters of A to Z, spaces and one slash."""

import unicodedata
from typing import Final

NAME_WIDTH: Final = 20
NOBODY: Final = "PASSENGER"  # a name in a script without a table leaves no letter

# ICAO Doc 9303 part 3, section 6 (A: Latin, B: Cyrillic), where it differs from dropping the accent;
# Greek after ELOT 743, as ICAO has no table for it.
_LATIN: Final = "Ä=AE Å=AA Æ=AE Ð=D Đ=D Ö=OE Ø=OE Œ=OE Ü=UE ß=SS ẞ=SS Þ=TH Ħ=H Ŧ=T Ł=L Ŋ=N Ĳ=IJ ĸ=Q Ə=E"
_CYRILLIC: Final = (
    "А=A Б=B В=V Г=G Д=D Е=E Ё=E Ж=ZH З=Z И=I Й=I К=K Л=L М=M Н=N О=O П=P Р=R С=S Т=T У=U Ф=F Х=KH Ц=TS Ч=CH "
    "Ш=SH Щ=SHCH Ъ=IE Ы=Y Ь= Э=E Ю=IU Я=IA І=I Ї=I Є=IE Ґ=G Ў=U Ђ=D Ј=J Љ=LJ Њ=NJ Ћ=C Џ=DZ Ѓ=G Ќ=K Ѕ=DZ"
)
_GREEK: Final = "Α=A Β=V Γ=G Δ=D Ε=E Ζ=Z Η=I Θ=TH Ι=I Κ=K Λ=L Μ=M Ν=N Ξ=X Ο=O Π=P Ρ=R Σ=S Τ=T Υ=Y Φ=F Χ=CH Ψ=PS Ω=O"
_LETTERS: Final = dict(entry.split("=") for entry in f"{_LATIN} {_CYRILLIC} {_GREEK}".split())


def barcode_name(*, family_name: str, given_name: str) -> str:
    """ "SURNAME/GIVEN", 1 to 20 characters. Without a given name there is no slash; never empty.

    Too long: the surname keeps up to 18 characters, so that one letter of the given name always remains.
    """
    family, given = transliterate(family_name), transliterate(given_name)
    if not family:
        family, given = given or NOBODY, ""
    if not given:
        return family[:NAME_WIDTH].rstrip()
    family = family[: NAME_WIDTH - 2].rstrip()
    return f"{family}/{given[: NAME_WIDTH - 1 - len(family)].rstrip()}"


def transliterate(name: str) -> str:
    """Upper-case A to Z and single spaces; digits and punctuation are dropped, hyphens become spaces."""
    composed = unicodedata.normalize("NFKC", name).upper().replace("ΟΥ", "OU").replace("ΟΎ", "OU")
    letters = "".join(_letter(character) for character in composed)
    return " ".join(letters.split())


def _letter(character: str) -> str:
    if character in _LETTERS:
        return _LETTERS[character]
    if character.isspace() or character == "/" or unicodedata.category(character) == "Pd":
        return " "
    bases = unicodedata.normalize("NFKD", character)
    return "".join(_LETTERS.get(base, base if "A" <= base <= "Z" else "") for base in bases)
