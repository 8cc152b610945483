"""Characters that may stay in a source."""

from rostra.content.markup.text import tidy


def test_what_no_text_holds_goes_in_ascii_and_beyond():
    """One kind of line end, tabs stay, all other controls go, whether or not all is ASCII."""
    kept = {"\t": "\t", "\n": "\n", "\r": "\n", **{chr(code): chr(code) for code in range(32, 127)}}
    for code in range(128):
        wanted = f"a{kept.get(chr(code), '')}b"
        assert tidy(f"a{chr(code)}b") == wanted, code
        assert tidy(f"ä{chr(code)}b") == wanted.replace("a", "ä", 1), code
