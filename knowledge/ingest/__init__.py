"""Ingest: files and pages in, validated articles out. Everything else trusts what it lets through."""

from knowledge.ingest.files import ArticleReader, Refusal, read_articles
from knowledge.ingest.validation import valid_article, valid_date, valid_url

__all__ = ["ArticleReader", "Refusal", "read_articles", "valid_article", "valid_date", "valid_url"]
