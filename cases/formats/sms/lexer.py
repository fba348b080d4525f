"""From a plain text to sentences of classed words, and from those to what they say (`grammar`)."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise

from cases.domain.message_meaning import Meaning
from cases.formats.sms import grammar
from cases.formats.sms.dates import DateMention
from cases.formats.sms.vocabulary import WORDS_BY_KIND
from cases.formats.sms.vocabulary_around import AROUND_BY_KIND
from cases.formats.sms.vocabulary_english import ENGLISH_BY_KIND
from cases.formats.sms.vocabulary_spoken import SPOKEN_BY_KIND

Span = tuple[int, int]
_PUNCTUATION = {",": ",", "、": ",", "。": ".", ";": ".", "!": ".", "?": "?", "~": ",", "|": ","}
#: In brackets, and only in case: '(如已办理请忽略)'.
ASIDE = re.compile(r"\((?:如|若|详询|详情|注)[^()]{0,60}\)")
#: The steps that there are ('1受理2审核3完成'), of which none is said to be reached.
LEGEND = re.compile(
    r"(?<![0-9])1[.、):]?[^0-9,。;]{2,10}[,;]?2[.、):]?[^0-9,。;]{2,10}[,;]?3[.、):]?[^0-9,。;]{2,10}(?:[,;]?4[.、):]?[^0-9,。;]{2,10})?|[^,。;→]{1,8}(?:→[^,。;→√]{1,8}){2,}"
)
#: No clause has more words; the patterns take time by the square of them.
_MAX_CLAUSE = 40
_DEEDS = frozenset({"cancel", "cut", "gone", "finish", "success", "handle", "register", "registered", "pre", "papers"})
#: What 'already' overrules when it stands behind it.
_OVERRULED = frozenset({"future", "please", "can", "must"})
#: Words that mean something only where they lean on another.
_LEANING_KINDS = frozenset({"after", "of"})
_STOPS = re.compile(r"[,。;!?、~]|\.(?![0-9a-z])|(?<=[a-z])\.(?=[0-9])|\|")


@dataclass(frozen=True)
class Token:
    kind: str
    start: int
    end: int


@dataclass(frozen=True)
class SmsEvent:
    """Something that a message says, with the words that say it."""

    outcome: str
    tokens: tuple[Token, ...]
    sentence: int
    #: The classes that stand before it in its clause.
    before: frozenset[str]
    #: The days and terms that its clause names.
    days: tuple[Token, ...] = ()


@dataclass
class Sentence:
    tokens: list[Token]
    is_question: bool = False


@cache
def _lexicon() -> Mapping[str, Sequence[tuple[str, str]]]:
    """The words and their classes by the first character, the longest first. Every carrier's words count for all."""
    kinds: dict[str, str] = {}
    for words_by_kind in (SPOKEN_BY_KIND, WORDS_BY_KIND, AROUND_BY_KIND, ENGLISH_BY_KIND):
        for kind, words in words_by_kind.items():
            separator = "," if words_by_kind is ENGLISH_BY_KIND else None
            kinds.update((word.strip().lower(), kind) for word in words.split(separator) if word.strip())
    by_first: dict[str, list[tuple[str, str]]] = {}
    for word in sorted(kinds, key=len, reverse=True):
        by_first.setdefault(word[0], []).append((word, kinds[word]))
    return by_first


def _find_words(blanked: str) -> Iterator[Token]:
    """The longest word at each place; a word in Latin letters only where it stands alone."""
    text, lexicon = blanked.lower(), _lexicon()
    place = 0
    while place < len(text):
        for word, kind in lexicon.get(text[place], ()):
            if text.startswith(word, place) and _stands_alone(text, word, place):
                yield Token(kind, place, place + len(word))
                place += len(word)
                break
        else:
            place += 1


def _stands_alone(text: str, word: str, place: int) -> bool:
    before, after = text[place - 1 : place], text[place + len(word) : place + len(word) + 1]
    return not (("a" <= word[0] <= "z" and "a" <= before <= "z") or ("a" <= word[-1] <= "z" and "a" <= after <= "z"))


def blank_out(plain: str, spans: Iterable[Span]) -> str:
    """The text with these places blanked, so that no word is found across them."""
    letters = list(plain)
    for start, end in spans:
        letters[start:end] = "\1" * (end - start)
    return "".join(letters)


def tokenize(plain: str, dates: Sequence[DateMention], hidden_spans: Iterable[Span], today: date) -> list[Token]:
    """The words, the days and the stops of a plain text in order; nothing in the hidden places is seen."""
    excluded = sorted([*hidden_spans, *((mention.start, mention.end) for mention in dates)])
    starts = [start for start, _ in excluded]
    ends = _running_ends(excluded)

    def is_free(start: int, end: int) -> bool:
        index = bisect_left(starts, end)
        return index == 0 or ends[index - 1] <= start

    tokens = [token for token in _find_words(blank_out(plain, excluded)) if token.kind != "skip"]
    for day in dates:
        tokens.append(Token(_kind_of_day(day, today), day.start, day.end))
    for stop in _STOPS.finditer(plain):
        if is_free(*stop.span()):
            tokens.append(Token(_PUNCTUATION.get(stop.group(), "."), *stop.span()))
    tokens.sort(key=lambda token: token.start)
    return [
        token
        for index, token in enumerate(tokens)
        if token.kind not in _LEANING_KINDS or _leans_on_previous(tokens, index)
    ]


def _kind_of_day(day: DateMention, today: date) -> str:
    if day.is_span:
        return "span"
    if day.is_term:
        return "term"
    if day.day < today:
        return "ago"
    if day.is_deadline:
        return "dateby"
    return "date" if day.day > today else "today"


def _running_ends(spans: Sequence[Span]) -> list[int]:
    ends: list[int] = []
    for _, end in spans:
        ends.append(max(end, ends[-1]) if ends else end)
    return ends


def _leans_on_previous(tokens: Sequence[Token], index: int) -> bool:
    """Whether it stands right behind a word: 销户后, but not 三天后."""
    return index > 0 and tokens[index - 1].end == tokens[index].start and tokens[index - 1].kind not in ",.?"


def split_sentences(tokens: Iterable[Token]) -> list[Sentence]:
    """The tokens cut at the stops; a comma stays as a token of its own."""
    sentences, current = [], Sentence([])
    for token in tokens:
        if token.kind in (".", "?"):
            current.is_question = token.kind == "?"
            sentences.append(current)
            current = Sentence([])
        else:
            current.tokens.append(token)
    sentences.append(current)
    return [sentence for sentence in sentences if sentence.tokens]


def extract_events(sentences: Sequence[Sentence]) -> Iterator[SmsEvent]:
    """What the sentences say has happened; not what would happen if, or after, something else did."""
    for number, sentence in enumerate(sentences):
        if not sentence.is_question:
            yield from _events(number, sentence)
            yield from _promises(number, sentence)


def _events(number: int, sentence: Sentence) -> Iterator[SmsEvent]:
    conditional = after = False
    for clause in clauses(sentence.tokens):
        kinds = [token.kind for token in clause]
        if kinds[0] == "open":  # a step of a list that is not reached
            continue
        days = tuple(token for token in clause if token.kind in ("date", "dateby", "term"))
        if "now" in kinds:  # 'this time', 'at present': the conditions before it are over
            conditional = after = False
        if "late" in kinds and not any(token.kind == "past" for token in sentence.tokens):  # 'overdue', and not yet so
            conditional = True
        opening = kinds.index("cond") if "cond" in kinds else len(kinds)
        after_place = kinds.index("after") if "after" in kinds else len(kinds)
        for rule, first, last in _matches(sentence, clause):
            before = set(kinds[:first])
            following = kinds[last] if last < len(kinds) else ""
            matched = clause[first:last]
            is_past = matched[0].kind == "past"
            inside = set(kinds[first + 1 : last - 1])
            unless = (rule.unless & before - _OVERRULED) if is_past else rule.unless & before
            if is_past and rule.outcome == Meaning.REGISTERED:
                unless -= grammar.NOT_AT_ALL - {"ask"}
            is_refusal = rule.outcome == Meaning.REFUSED
            is_void = (
                conditional
                or opening < first
                or "benign" in before
                or following == "ask"
                or (following == "after" and not is_refusal)
                or (following == "matter" and is_refusal)
                or (rule.outcome == Meaning.MORE_PAPERS and _is_about_money_or_return(kinds))
                or (matched[0].kind == "back" and {"money", "bill"} & set(kinds))
                or (following == "of" and rule.outcome in (Meaning.DONE, Meaning.REFUSED))
                or (
                    not rule.needs
                    and not is_refusal
                    and (after_place < first if is_past else after or after_place < first)
                )
                or (rule.needs and not rule.needs & {token.kind for token in sentence.tokens})
                or unless
                or "ask" in inside
                or (rule.unless & grammar.NOT_AT_ALL & inside and not is_refusal)
                or (rule.outcome == Meaning.PRECANCELLED and "over" in kinds)
            )
            if rule.outcome == grammar.REVOCABLE or not is_void:
                yield SmsEvent(rule.outcome, tuple(matched), number, frozenset(before), days)
        conditional = conditional or "cond" in kinds
        after = after or "after" in kinds


def _is_about_money_or_return(kinds: Sequence[str]) -> bool:
    """Whether papers are for something else than the cancellation: to fetch a balance, to get the number back."""
    return ("money" in kinds and "arrears" not in kinds) or bool({"revoke", "restore"} & set(kinds))


def clauses(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    clause: list[Token] = []
    for token in tokens:
        if token.kind != ",":
            clause.append(token)
        if (token.kind == "," and clause) or len(clause) == _MAX_CLAUSE:
            yield clause
            clause = []
    if clause:
        yield clause


def _matches(sentence: Sentence, clause: Sequence[Token]) -> Iterator[tuple[grammar.Rule, int, int]]:
    """The rules that fit in a clause, each with the places of its first token and after its last, in their order."""
    string, starts = _encode(clause)
    matches: list[tuple[int, int, grammar.Rule]] = []
    for rule in grammar.RULES:
        for match in rule.pattern.finditer(string):
            first, last = bisect_left(starts, match.start()), bisect_left(starts, match.end())
            is_free = last > first and not any(first < end and start < last for start, end, _ in matches)
            if is_free and _is_near(clause[first:last], rule.max_gap):
                matches.append((first, last, rule))
    for first, last, rule in sorted(matches, key=lambda each: each[0]):
        yield rule, first, last


def _encode(tokens: Sequence[Token]) -> tuple[str, list[int]]:
    """The classes as one string for the patterns, with the place where each begins."""
    parts: list[str] = []
    starts: list[int] = []
    place = 0
    for token in tokens:
        starts.append(place)
        parts.append(f"<{token.kind}>")
        place += len(parts[-1])
    return "".join(parts), starts


def _is_near(tokens: Sequence[Token], max_gap: int) -> bool:
    """Whether the words stand so close to each other."""
    return all(second.start - first.end <= max_gap for first, second in pairwise(tokens))


def _promises(number: int, sentence: Sentence) -> Iterator[SmsEvent]:
    """Days and terms by which the carrier says that something will be done."""
    is_conditional = False
    for clause in clauses(sentence.tokens):
        kinds = [token.kind for token in clause]
        is_conditional = is_conditional or "cond" in kinds or _hangs_on_approval(kinds)
        if kinds[0] != "open":
            is_named = any(token.kind == "cancel" for token in sentence.tokens)
            yield from _promise(number, clause, is_conditional, is_named)


def _hangs_on_approval(kinds: Sequence[str]) -> bool:
    """Whether something comes only after an approval: '审核通过后', but not '月底出账后'."""
    return any(
        kind == "after" and set(kinds[max(0, place - 3) : place]) & {"audit", "pass", "papers", "document", "arrears"}
        for place, kind in enumerate(kinds)
    )


def _is_over(kinds: Sequence[str]) -> bool:
    """Whether something is said to be done already."""
    return any(first == "past" and second in _DEEDS for first, second in pairwise(kinds)) or kinds[-1:] == ["past"]


def _promise(number: int, clause: list[Token], is_conditional: bool, is_named: bool) -> Iterator[SmsEvent]:
    """A promise; 'ending' where it only comes about if something else does ('若您未撤销,将于…销户')."""
    kinds = [token.kind for token in clause]
    days = [place for place, kind in enumerate(kinds) if kind in ("date", "dateby", "term", "today")]
    if not days or set(kinds) & grammar.NO_PROMISE or _is_over(kinds[: days[-1]]):
        return
    ahead = [place for place in days if kinds[place] != "today"]
    day = (ahead or days)[-1]
    future_kinds = grammar.FUTURE & set(kinds)
    if kinds[day] == "today" and not future_kinds:
        return
    act_tokens = [token for token in clause if token.kind in (*grammar.ACTS, "duedate")]
    is_cancellation = any(token.kind in ("cancel", "cut", "gone", "duedate") for token in act_tokens)
    handling_tokens = [token for token in clause[day + 1 :] if token.kind in ("handle", "revoke")]
    is_finished = is_named and any(token.kind == "finish" for token in act_tokens)
    is_dated = kinds[day] in ("dateby", "term") or is_cancellation or is_finished
    if (act_tokens or (handling_tokens and future_kinds)) and (future_kinds or is_dated):
        is_free = kinds[day] == "term" and "promise" not in kinds and not is_cancellation
        tokens = sorted(
            {token for token in clause if token.kind in grammar.FUTURE}
            | {clause[day]}
            | set((act_tokens + handling_tokens)[-1:]),
            key=lambda token: token.start,
        )
        outcome = grammar.ENDING if is_conditional else "term" if is_free else Meaning.PROMISED
        yield SmsEvent(outcome, tuple(tokens), number, frozenset(kinds[:day]), (clause[day],))
