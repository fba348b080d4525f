"""What the libraries say, by their own catalogues; which of it nobody meets here; and the words that lost."""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import allauth
import django
import django_q
import polib
from django.utils.translation import trans_real

from tests import ROOT

_DJANGO = Path(django.__path__[0])
#: The catalogues that list all texts of a library, each with the files that say it.
CATALOGUES = [
    Path(allauth.__path__[0]) / "locale" / "en",
    Path(django_q.__path__[0]) / "locale" / "zh_Hans",  # it has no English one
    *(_DJANGO / app / "locale" / "en" for app in ("conf", "contrib/admin", "contrib/auth", "contrib/contenttypes")),
    *(_DJANGO / "contrib" / app / "locale" / "en" for app in ("humanize", "sessions")),
]

#: Files whose texts nobody meets here, and why.
FILES_NOT_MET = {
    r"^(templates/)?(socialaccount|idp|openid|headless)/|^contrib/(sitemaps|syndication)/": "not installed",
    r"^templates/allauth/layouts/base": "the frame of the pages is ours",
    r"^templates/account/[\w/]*phone": "nobody signs in by phone",
    r"^templates/account/[\w/]*_code": "no codes are mailed",
    r"^templates/account/(email|logout|verified_email_required)\.html": "pages without an address here",
    r"^templates/account/messages/primary_email_set": "an account has one email",
    r"^templates/account/snippets/warn_no_email": "an account has an email",
    r"^templates/account/signup_by_passkey|^templates/mfa/webauthn/signup_form": "no passkeys at sign-up",
    r"^templates/mfa/trust": "no browser is trusted",
    r"^account/admin\.py": "not in the admin (cases/admin/site.py)",
    r"^contrib/admin/(forms\.py|templates/admin/login|templates/registration/(logged|password_reset))": "our sign-in",
    r"^contrib/auth/(views\.py|templates/)": "our sign-in",
    r"^contrib/admin/(templates/admin/(404|500|invalid_setup|base_site)|sites\.py)": "our pages and names",
    r"^contrib/contenttypes/views": "nothing here has such an address",
    r"^views/": "pages of development, and errors that have a page of ours",
    r"^db/models/fields/": "names of types of fields, for documentation that is not installed",
    r"^conf/global_settings": "names of languages",
    r"^(cluster|conf|monitor|monitor_terminal|pusher|scheduler|signals|timeout|worker)\.py|^management/": "logs",
}
#: The same for single texts.
TEXTS_NOT_MET = {
    r"[Pp]hone|[Uu]sername|^Login$": "people sign in by email",
    r"^Email \(|^Email address confirmation|same email each time": "the email is entered once",
    r"^Sign up using a passkey": "no passkeys at sign-up",
    r"^codename$": "permissions are not edited",
    r"^I have saved my recovery codes": "they can be read again",
    r"illion|googol": "no numbers are told in words",
    r"^yes,no,maybe$": "three words for a filter, parted by commas",
    r"chedule|Minutes type|enqueued|Intended|Last task|e\.g\. ": "schedules are not in the admin",
    r"[Qq]ueue options|[Cc]luster key|(target|any) cluster|Lock until|Payload|serialized": "nor is the queue",
}

#: What Chinese says otherwise here (the glossary), and half-width marks, spaces and dots where it has its own.
LOST_IN_CHINESE = re.compile(
    r"您|帐|(?<!运营商)账户|电子邮|E-?mail|登出|注销|双因素|多因素|动作|过滤|站点|我们|token|passkey|Passkey|代码|增加"
    r"|^[^一-鿿]*[a-z]{2} [a-z]{2}"  # two words of English without Chinese
    r"|[一-鿿”][ ]?[,:;?!(]|[,;?!)][ ]?[一-鿿“]|[一-鿿]\.(?:\s|$)|\.\.\.|。 |[一-鿿] +[一-鿿]|[一-鿿]\d|\d[一-鿿]"
)
#: Days as Django and we write them: 2026年10月16日, 10月16日(周五).
_CHINESE_DAYS = re.compile(r"(\d{4}年)?(\d{1,2}月\d{1,2}日( ?\(?周.\)?)?)?")
LOST_IN_ENGLISH = re.compile(
    r"[Ee]-mail|[Cc]ontact us|\b[Ll]og ?(in|out)\b|\b[Ll]ogged|[Tt]wo-?[Ff]actor|(final|recogn|author|organ)iz|[Cc]olor"
    r"|successfully|[Ss]ignup|\bwe\b|\bour\b|\bmail\b|[一-鿿]"
)


class Text(NamedTuple):
    context: str | None
    text: str
    plural: str

    def said_in(self, language: str, domain: str = "django") -> str:
        """As it is shown, whichever catalogue has it; of two forms that for many."""
        words = _words(language, domain)
        if self.plural and self.context:
            return words.npgettext(self.context, self.text, self.plural, 5)
        if self.plural:
            return words.ngettext(self.text, self.plural, 5)
        return words.pgettext(self.context, self.text) if self.context else words.gettext(self.text)


@cache
def _words(language: str, domain: str) -> trans_real.DjangoTranslation:
    # The admin's scripts get theirs from /admin/jsi18n/, which reads this folder.
    scripts = [str(_DJANGO / "contrib" / "admin" / "locale")] if domain == "djangojs" else None
    return trans_real.DjangoTranslation(language, domain, scripts)


@cache
def library_texts(domain: str = "django") -> dict[Text, frozenset[str]]:
    """All texts of the libraries, with the files that say each."""
    found: dict[Text, frozenset[str]] = {}
    for folder in CATALOGUES:
        path = folder / "LC_MESSAGES" / f"{domain}.po"
        for entry in polib.pofile(str(path)) if path.exists() else ():
            if entry.obsolete:
                continue
            text = Text(entry.msgctxt, entry.msgid, entry.msgid_plural)
            found[text] = found.get(text, frozenset()) | {file for file, _line in entry.occurrences}
    return found


def texts_met() -> Iterator[Text]:
    """Those that somebody can meet here."""
    for text, files in library_texts().items():
        if not any(re.search(pattern, text.text) for pattern in TEXTS_NOT_MET) and not all(map(_is_not_met, files)):
            yield text


def _is_not_met(file: str) -> bool:
    """Nobody meets a template that has a copy among ours either."""
    copied = file.startswith("templates/") and (ROOT / file).exists()
    return copied or any(re.search(pattern, file) for pattern in FILES_NOT_MET)


def lost_words(said: str, language: str) -> str:
    """The first word or mark in it that lost; empty where all is well. Addresses, tags and places do not count."""
    read = re.sub(r"%\(\w+\)\w|\{\w*\}|\S+@\S+|https?://\S+", "x", re.sub("<[^>]*>", "", said))
    found = LOST_IN_ENGLISH.search(read) if language == "en" else LOST_IN_CHINESE.search(_CHINESE_DAYS.sub("", read))
    return found[0] if found else ""
