"""Ingest: files and pages in, validated articles out. Everything else trusts what it lets through."""

from knowledge.ingest.files import ArticleReader, Refusal, read_articles

__all__ = ["ArticleReader", "Refusal", "read_articles"]
