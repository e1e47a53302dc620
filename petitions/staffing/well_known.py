"""What passwords are commonly made of, so that a password made of nothing else can be refused.

The list is our own: words that people choose first, rows of the keyboard, the alphabet and the digits; all else (doubled
words, years, numbers and signs hung on, letters written as digits) follows by rule in `petitions.staffing.passwords`.
"""

from __future__ import annotations

#: What somebody types who is asked for a password and thinks of the word itself, of entering, or of who they are there.
_OF_THE_PLACE = (
    "password passwort passwd passcode passphrase pass letmein login logon signin welcome willkommen bienvenue access enter open "
    "admin administrator root user guest test tester testing demo default changeme change temp temporary secret secure "
    "security private system server computer internet office work staff team moderator official department government "
    "parliament council petition petitions please hello goodbye whatever nothing trustno nopassword mypassword newpassword"
)
#: Names, pets, love, sport, stories, seasons and days: the first thing that comes to mind.
_OF_THE_HEART = (
    "iloveyou loveyou love lover forever always angel baby babygirl princess prince queen king sweetheart honey sunshine flower "
    "butterfly rainbow star moon sun heaven jesus christ family mother father summer winter spring autumn january february "
    "march april may june july august september october november december monday tuesday wednesday thursday friday saturday "
    "sunday football soccer baseball basketball hockey liverpool arsenal chelsea barcelona madrid dragon monkey tiger lion "
    "panther eagle dolphin horse kitty cat dog puppy buddy charlie max michael jordan michelle jennifer jessica ashley daniel "
    "thomas robert george andrew matthew joshua anthony superman batman spiderman pokemon pikachu starwars matrix ninja master "
    "shadow hunter ranger killer freedom london paris berlin england america liberty cookie chocolate coffee banana orange "
    "apple cheese pepper ginger silver golden diamond purple yellow black white blue green red money lucky happy cool magic "
    "google facebook twitter youtube microsoft windows samsung iphone android"
)
_ROWS = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "azertyuiop",
)
_COLUMNS = "1qaz 2wsx 3edc 4rfv 5tgb 6yhn 7ujm qazwsx wsxedc qweasd asdzxc zaq1 xsw2 q1w2e3 1q2w3e a1b2c3 abc123 qwe123 zxc123"

#: The shortest run along a row that counts as one piece: `cde`, `678`.
SHORTEST_RUN = 3


def _runs() -> set[str]:
    found: set[str] = set()
    for row in (*_ROWS, *(row[::-1] for row in _ROWS)):
        for start in range(len(row) - SHORTEST_RUN + 1):
            found.update(row[start:end] for end in range(start + SHORTEST_RUN, len(row) + 1))
    return found


def _years() -> set[str]:
    return {str(year) for year in range(1900, 2100)}


#: Every piece, the longest first, so that `password` goes before `pass`.
PIECES: tuple[str, ...] = tuple(
    sorted(
        {*_OF_THE_PLACE.split(), *_OF_THE_HEART.split(), *_COLUMNS.split(), *_runs(), *_years()},
        key=lambda piece: (-len(piece), piece),
    )
)
#: Digits and signs that are written for letters.
DISGUISES = str.maketrans("013457@$!+|", "oieastasitl")
