"""A server's own articles as a file, for moderators to keep or to take elsewhere."""

import gzip
import io

import discord

from bot.answers import article_line
from knowledge.library import Library

PLAIN_LIMIT = 1024 * 1024
"""Bytes up to which the file is plain text, which Discord shows; larger ones are packed."""
FILE_LIMIT = 10 * 1024 * 1024


def exported(library: Library, collection: str) -> discord.File | None:
    """Every article as JSONL, which `/source import` reads; None where even packed it is too large for Discord."""
    packed = io.BytesIO()
    plain = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as file:
        for article in library.articles(collection):
            line = article_line(article, library.versions(article)[-1].text)
            file.write(line)
            if plain.tell() <= PLAIN_LIMIT:
                plain.write(line)
            if packed.tell() > FILE_LIMIT:
                return None
    is_small = plain.tell() <= PLAIN_LIMIT
    chosen, name = (plain, "articles.jsonl") if is_small else (packed, "articles.jsonl.gz")
    chosen.seek(0)
    return discord.File(chosen, name) if is_small or len(packed.getvalue()) <= FILE_LIMIT else None
