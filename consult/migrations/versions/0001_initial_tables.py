"""The first tables, and the guards that keep a published version as it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# As consult/documents/frozen.py has them: a published version never changes, nor does where a comment points,
# nor a letter.
SQLITE_GUARDS = [
    "CREATE TRIGGER draft_version_stays BEFORE UPDATE OF draft_id, number, name, source_name, source_format, source, sha256, warnings, change_note, edits, lines_tool, created_at, frozen_at ON draft_version WHEN OLD.frozen_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a published version of a draft never changes'); END",
    "CREATE TRIGGER clause_stays BEFORE UPDATE OF version_id, page_id, parent_id, lineage_id, key, kind, label, own_label, title, text, html, rank, depth, is_heading, line ON clause WHEN EXISTS (SELECT 1 FROM draft_version v WHERE v.id = OLD.version_id AND v.frozen_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'a published version of a draft never changes'); END",
    "CREATE TRIGGER clause_is_not_added BEFORE INSERT ON clause WHEN EXISTS (SELECT 1 FROM draft_version v WHERE v.id = NEW.version_id AND v.frozen_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'a published version of a draft never changes'); END",
    "CREATE TRIGGER clause_is_not_removed BEFORE DELETE ON clause WHEN EXISTS (SELECT 1 FROM draft_version v WHERE v.id = OLD.version_id AND v.frozen_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'a published version of a draft never changes'); END",
    "CREATE TRIGGER reading_page_stays BEFORE UPDATE OF version_id, key, rank, label, title, crumbs ON reading_page WHEN EXISTS (SELECT 1 FROM draft_version v WHERE v.id = OLD.version_id AND v.frozen_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'a published version of a draft never changes'); END",
    "CREATE TRIGGER reading_page_is_not_added BEFORE INSERT ON reading_page WHEN EXISTS (SELECT 1 FROM draft_version v WHERE v.id = NEW.version_id AND v.frozen_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'a published version of a draft never changes'); END",
    "CREATE TRIGGER reading_page_is_not_removed BEFORE DELETE ON reading_page WHEN EXISTS (SELECT 1 FROM draft_version v WHERE v.id = OLD.version_id AND v.frozen_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'a published version of a draft never changes'); END",
    "CREATE TRIGGER picture_stays BEFORE UPDATE OF version_id, name, media_type, data ON picture WHEN EXISTS (SELECT 1 FROM draft_version v WHERE v.id = OLD.version_id AND v.frozen_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'a published version of a draft never changes'); END",
    "CREATE TRIGGER picture_is_not_added BEFORE INSERT ON picture WHEN EXISTS (SELECT 1 FROM draft_version v WHERE v.id = NEW.version_id AND v.frozen_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'a published version of a draft never changes'); END",
    "CREATE TRIGGER picture_is_not_removed BEFORE DELETE ON picture WHEN EXISTS (SELECT 1 FROM draft_version v WHERE v.id = OLD.version_id AND v.frozen_at IS NOT NULL) BEGIN SELECT RAISE(ABORT, 'a published version of a draft never changes'); END",
    "CREATE TRIGGER anchor_stays BEFORE UPDATE ON anchor WHEN TRUE BEGIN SELECT RAISE(ABORT, 'where a comment points never changes'); END",
    "CREATE TRIGGER letter_stays BEFORE UPDATE OF consultation_id, round_id, author_id, organisation_id, unsigned_for_id, category, text, kind, sha256, received_at ON letter WHEN TRUE BEGIN SELECT RAISE(ABORT, 'a letter never changes, nor does what was cut from it'); END",
    "CREATE TRIGGER letter_is_cut_once BEFORE UPDATE OF cut_at, cut_by_id ON letter WHEN OLD.cut_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a letter never changes, nor does what was cut from it'); END",
    "CREATE TRIGGER letter_piece_stays BEFORE UPDATE ON letter_piece WHEN TRUE BEGIN SELECT RAISE(ABORT, 'a letter never changes, nor does what was cut from it'); END",
    "CREATE TRIGGER standard_version_stays BEFORE UPDATE ON standard_version WHEN TRUE BEGIN SELECT RAISE(ABORT, 'an adopted version of a standard never changes'); END",
    "CREATE TRIGGER administrative_act_stays BEFORE UPDATE ON administrative_act WHEN TRUE BEGIN SELECT RAISE(ABORT, 'what an administrator did never changes, and is kept for three years'); END",
    "CREATE TRIGGER administrative_act_is_kept BEFORE DELETE ON administrative_act WHEN OLD.kept_until > CURRENT_TIMESTAMP BEGIN SELECT RAISE(ABORT, 'what an administrator did never changes, and is kept for three years'); END",
]
POSTGRESQL_GUARDS = [
    "CREATE OR REPLACE FUNCTION draft_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.frozen_at IS NOT NULL THEN RAISE EXCEPTION 'a published version of a draft never changes' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER draft_version_stays BEFORE UPDATE OF draft_id, number, name, source_name, source_format, source, sha256, warnings, change_note, edits, lines_tool, created_at, frozen_at ON draft_version FOR EACH ROW EXECUTE FUNCTION draft_version_stays()",
    "CREATE OR REPLACE FUNCTION clause_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM draft_version v WHERE v.id = OLD.version_id AND v.frozen_at IS NOT NULL) THEN RAISE EXCEPTION 'a published version of a draft never changes' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER clause_stays BEFORE UPDATE OF version_id, page_id, parent_id, lineage_id, key, kind, label, own_label, title, text, html, rank, depth, is_heading, line ON clause FOR EACH ROW EXECUTE FUNCTION clause_stays()",
    "CREATE OR REPLACE FUNCTION clause_is_not_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM draft_version v WHERE v.id = NEW.version_id AND v.frozen_at IS NOT NULL) THEN RAISE EXCEPTION 'a published version of a draft never changes' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER clause_is_not_added BEFORE INSERT ON clause FOR EACH ROW EXECUTE FUNCTION clause_is_not_added()",
    "CREATE OR REPLACE FUNCTION clause_is_not_removed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM draft_version v WHERE v.id = OLD.version_id AND v.frozen_at IS NOT NULL) THEN RAISE EXCEPTION 'a published version of a draft never changes' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER clause_is_not_removed BEFORE DELETE ON clause FOR EACH ROW EXECUTE FUNCTION clause_is_not_removed()",
    "CREATE OR REPLACE FUNCTION reading_page_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM draft_version v WHERE v.id = OLD.version_id AND v.frozen_at IS NOT NULL) THEN RAISE EXCEPTION 'a published version of a draft never changes' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER reading_page_stays BEFORE UPDATE OF version_id, key, rank, label, title, crumbs ON reading_page FOR EACH ROW EXECUTE FUNCTION reading_page_stays()",
    "CREATE OR REPLACE FUNCTION reading_page_is_not_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM draft_version v WHERE v.id = NEW.version_id AND v.frozen_at IS NOT NULL) THEN RAISE EXCEPTION 'a published version of a draft never changes' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER reading_page_is_not_added BEFORE INSERT ON reading_page FOR EACH ROW EXECUTE FUNCTION reading_page_is_not_added()",
    "CREATE OR REPLACE FUNCTION reading_page_is_not_removed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM draft_version v WHERE v.id = OLD.version_id AND v.frozen_at IS NOT NULL) THEN RAISE EXCEPTION 'a published version of a draft never changes' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER reading_page_is_not_removed BEFORE DELETE ON reading_page FOR EACH ROW EXECUTE FUNCTION reading_page_is_not_removed()",
    "CREATE OR REPLACE FUNCTION picture_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM draft_version v WHERE v.id = OLD.version_id AND v.frozen_at IS NOT NULL) THEN RAISE EXCEPTION 'a published version of a draft never changes' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER picture_stays BEFORE UPDATE OF version_id, name, media_type, data ON picture FOR EACH ROW EXECUTE FUNCTION picture_stays()",
    "CREATE OR REPLACE FUNCTION picture_is_not_added() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM draft_version v WHERE v.id = NEW.version_id AND v.frozen_at IS NOT NULL) THEN RAISE EXCEPTION 'a published version of a draft never changes' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER picture_is_not_added BEFORE INSERT ON picture FOR EACH ROW EXECUTE FUNCTION picture_is_not_added()",
    "CREATE OR REPLACE FUNCTION picture_is_not_removed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF EXISTS (SELECT 1 FROM draft_version v WHERE v.id = OLD.version_id AND v.frozen_at IS NOT NULL) THEN RAISE EXCEPTION 'a published version of a draft never changes' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER picture_is_not_removed BEFORE DELETE ON picture FOR EACH ROW EXECUTE FUNCTION picture_is_not_removed()",
    "CREATE OR REPLACE FUNCTION anchor_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'where a comment points never changes' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER anchor_stays BEFORE UPDATE ON anchor FOR EACH ROW EXECUTE FUNCTION anchor_stays()",
    "CREATE OR REPLACE FUNCTION letter_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'a letter never changes, nor does what was cut from it' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER letter_stays BEFORE UPDATE OF consultation_id, round_id, author_id, organisation_id, unsigned_for_id, category, text, kind, sha256, received_at ON letter FOR EACH ROW EXECUTE FUNCTION letter_stays()",
    "CREATE OR REPLACE FUNCTION letter_is_cut_once() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.cut_at IS NOT NULL THEN RAISE EXCEPTION 'a letter never changes, nor does what was cut from it' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER letter_is_cut_once BEFORE UPDATE OF cut_at, cut_by_id ON letter FOR EACH ROW EXECUTE FUNCTION letter_is_cut_once()",
    "CREATE OR REPLACE FUNCTION letter_piece_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'a letter never changes, nor does what was cut from it' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER letter_piece_stays BEFORE UPDATE ON letter_piece FOR EACH ROW EXECUTE FUNCTION letter_piece_stays()",
    "CREATE OR REPLACE FUNCTION standard_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'an adopted version of a standard never changes' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER standard_version_stays BEFORE UPDATE ON standard_version FOR EACH ROW EXECUTE FUNCTION standard_version_stays()",
    "CREATE OR REPLACE FUNCTION administrative_act_stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF TRUE THEN RAISE EXCEPTION 'what an administrator did never changes, and is kept for three years' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN NEW; END $$",
    "CREATE TRIGGER administrative_act_stays BEFORE UPDATE ON administrative_act FOR EACH ROW EXECUTE FUNCTION administrative_act_stays()",
    "CREATE OR REPLACE FUNCTION administrative_act_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF OLD.kept_until > CURRENT_TIMESTAMP THEN RAISE EXCEPTION 'what an administrator did never changes, and is kept for three years' USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $$",
    "CREATE TRIGGER administrative_act_is_kept BEFORE DELETE ON administrative_act FOR EACH ROW EXECUTE FUNCTION administrative_act_is_kept()",
]
# As consult/search/fulltext.py has them: the full-text index over the rows of the search.
SQLITE_INDEX = [
    "CREATE VIRTUAL TABLE search_english USING fts5(title, quote, words, content='search_row', content_rowid='id', tokenize='porter unicode61 remove_diacritics 0 categories ''L* N* Co Mn Mc''')",
    "INSERT INTO search_english(search_english, rank) VALUES ('secure-delete', 1)",
    "CREATE TRIGGER search_english_comes AFTER INSERT ON search_row WHEN NEW.stemmer = 'english' BEGIN INSERT INTO search_english(rowid, title, quote, words) VALUES (NEW.id, NEW.title, NEW.quote, NEW.words); END",
    "CREATE TRIGGER search_english_goes AFTER DELETE ON search_row WHEN OLD.stemmer = 'english' BEGIN INSERT INTO search_english(search_english, rowid, title, quote, words) VALUES ('delete', OLD.id, OLD.title, OLD.quote, OLD.words); END",
    "CREATE VIRTUAL TABLE search_words USING fts5(title, quote, words, content='search_row', content_rowid='id', tokenize='unicode61 remove_diacritics 0 categories ''L* N* Co Mn Mc''')",
    "INSERT INTO search_words(search_words, rank) VALUES ('secure-delete', 1)",
    "CREATE TRIGGER search_words_comes AFTER INSERT ON search_row WHEN NEW.stemmer <> 'english' BEGIN INSERT INTO search_words(rowid, title, quote, words) VALUES (NEW.id, NEW.title, NEW.quote, NEW.words); END",
    "CREATE TRIGGER search_words_goes AFTER DELETE ON search_row WHEN OLD.stemmer <> 'english' BEGIN INSERT INTO search_words(search_words, rowid, title, quote, words) VALUES ('delete', OLD.id, OLD.title, OLD.quote, OLD.words); END",
    "CREATE TRIGGER search_row_stays BEFORE UPDATE ON search_row BEGIN SELECT RAISE(ABORT, 'rows of the search are made anew'); END",
]
SQLITE_INDEX_GOES = [
    "DROP TRIGGER search_row_stays",
    "DROP TABLE search_english",
    "DROP TABLE search_words",
]
POSTGRESQL_INDEX = [
    "CREATE TEXT SEARCH DICTIONARY consult_arabic (TEMPLATE = snowball, LANGUAGE = arabic)",
    "CREATE TEXT SEARCH CONFIGURATION consult_arabic (COPY = pg_catalog.simple)",
    "ALTER TEXT SEARCH CONFIGURATION consult_arabic ALTER MAPPING FOR asciiword, word WITH consult_arabic",
    "CREATE TEXT SEARCH DICTIONARY consult_danish (TEMPLATE = snowball, LANGUAGE = danish)",
    "CREATE TEXT SEARCH CONFIGURATION consult_danish (COPY = pg_catalog.simple)",
    "ALTER TEXT SEARCH CONFIGURATION consult_danish ALTER MAPPING FOR asciiword, word WITH consult_danish",
    "CREATE TEXT SEARCH DICTIONARY consult_dutch (TEMPLATE = snowball, LANGUAGE = dutch)",
    "CREATE TEXT SEARCH CONFIGURATION consult_dutch (COPY = pg_catalog.simple)",
    "ALTER TEXT SEARCH CONFIGURATION consult_dutch ALTER MAPPING FOR asciiword, word WITH consult_dutch",
    "CREATE TEXT SEARCH DICTIONARY consult_english (TEMPLATE = snowball, LANGUAGE = english)",
    "CREATE TEXT SEARCH CONFIGURATION consult_english (COPY = pg_catalog.simple)",
    "ALTER TEXT SEARCH CONFIGURATION consult_english ALTER MAPPING FOR asciiword, word WITH consult_english",
    "CREATE TEXT SEARCH DICTIONARY consult_finnish (TEMPLATE = snowball, LANGUAGE = finnish)",
    "CREATE TEXT SEARCH CONFIGURATION consult_finnish (COPY = pg_catalog.simple)",
    "ALTER TEXT SEARCH CONFIGURATION consult_finnish ALTER MAPPING FOR asciiword, word WITH consult_finnish",
    "CREATE TEXT SEARCH DICTIONARY consult_french (TEMPLATE = snowball, LANGUAGE = french)",
    "CREATE TEXT SEARCH CONFIGURATION consult_french (COPY = pg_catalog.simple)",
    "ALTER TEXT SEARCH CONFIGURATION consult_french ALTER MAPPING FOR asciiword, word WITH consult_french",
    "CREATE TEXT SEARCH DICTIONARY consult_german (TEMPLATE = snowball, LANGUAGE = german)",
    "CREATE TEXT SEARCH CONFIGURATION consult_german (COPY = pg_catalog.simple)",
    "ALTER TEXT SEARCH CONFIGURATION consult_german ALTER MAPPING FOR asciiword, word WITH consult_german",
    "CREATE TEXT SEARCH DICTIONARY consult_greek (TEMPLATE = snowball, LANGUAGE = greek)",
    "CREATE TEXT SEARCH CONFIGURATION consult_greek (COPY = pg_catalog.simple)",
    "ALTER TEXT SEARCH CONFIGURATION consult_greek ALTER MAPPING FOR asciiword, word WITH consult_greek",
    "CREATE TEXT SEARCH DICTIONARY consult_hungarian (TEMPLATE = snowball, LANGUAGE = hungarian)",
    "CREATE TEXT SEARCH CONFIGURATION consult_hungarian (COPY = pg_catalog.simple)",
    "ALTER TEXT SEARCH CONFIGURATION consult_hungarian ALTER MAPPING FOR asciiword, word WITH consult_hungarian",
    "CREATE TEXT SEARCH DICTIONARY consult_indonesian (TEMPLATE = snowball, LANGUAGE = indonesian)",
    "CREATE TEXT SEARCH CONFIGURATION consult_indonesian (COPY = pg_catalog.simple)",
    "ALTER TEXT SEARCH CONFIGURATION consult_indonesian ALTER MAPPING FOR asciiword, word WITH consult_indonesian",
    "CREATE TEXT SEARCH DICTIONARY consult_irish (TEMPLATE = snowball, LANGUAGE = irish)",
    "CREATE TEXT SEARCH CONFIGURATION consult_irish (COPY = pg_catalog.simple)",
    "ALTER TEXT SEARCH CONFIGURATION consult_irish ALTER MAPPING FOR asciiword, word WITH consult_irish",
    "CREATE TEXT SEARCH DICTIONARY consult_italian (TEMPLATE = snowball, LANGUAGE = italian)",
    "CREATE TEXT SEARCH CONFIGURATION consult_italian (COPY = pg_catalog.simple)",
    "ALTER TEXT SEARCH CONFIGURATION consult_italian ALTER MAPPING FOR asciiword, word WITH consult_italian",
    "CREATE TEXT SEARCH DICTIONARY consult_lithuanian (TEMPLATE = snowball, LANGUAGE = lithuanian)",
    "CREATE TEXT SEARCH CONFIGURATION consult_lithuanian (COPY = pg_catalog.simple)",
    "ALTER TEXT SEARCH CONFIGURATION consult_lithuanian ALTER MAPPING FOR asciiword, word WITH consult_lithuanian",
    "CREATE TEXT SEARCH DICTIONARY consult_norwegian (TEMPLATE = snowball, LANGUAGE = norwegian)",
    "CREATE TEXT SEARCH CONFIGURATION consult_norwegian (COPY = pg_catalog.simple)",
    "ALTER TEXT SEARCH CONFIGURATION consult_norwegian ALTER MAPPING FOR asciiword, word WITH consult_norwegian",
    "CREATE TEXT SEARCH DICTIONARY consult_portuguese (TEMPLATE = snowball, LANGUAGE = portuguese)",
    "CREATE TEXT SEARCH CONFIGURATION consult_portuguese (COPY = pg_catalog.simple)",
    "ALTER TEXT SEARCH CONFIGURATION consult_portuguese ALTER MAPPING FOR asciiword, word WITH consult_portuguese",
    "CREATE TEXT SEARCH DICTIONARY consult_romanian (TEMPLATE = snowball, LANGUAGE = romanian)",
    "CREATE TEXT SEARCH CONFIGURATION consult_romanian (COPY = pg_catalog.simple)",
    "ALTER TEXT SEARCH CONFIGURATION consult_romanian ALTER MAPPING FOR asciiword, word WITH consult_romanian",
    "CREATE TEXT SEARCH DICTIONARY consult_russian (TEMPLATE = snowball, LANGUAGE = russian)",
    "CREATE TEXT SEARCH CONFIGURATION consult_russian (COPY = pg_catalog.simple)",
    "ALTER TEXT SEARCH CONFIGURATION consult_russian ALTER MAPPING FOR asciiword, word WITH consult_russian",
    "CREATE TEXT SEARCH DICTIONARY consult_spanish (TEMPLATE = snowball, LANGUAGE = spanish)",
    "CREATE TEXT SEARCH CONFIGURATION consult_spanish (COPY = pg_catalog.simple)",
    "ALTER TEXT SEARCH CONFIGURATION consult_spanish ALTER MAPPING FOR asciiword, word WITH consult_spanish",
    "CREATE TEXT SEARCH DICTIONARY consult_swedish (TEMPLATE = snowball, LANGUAGE = swedish)",
    "CREATE TEXT SEARCH CONFIGURATION consult_swedish (COPY = pg_catalog.simple)",
    "ALTER TEXT SEARCH CONFIGURATION consult_swedish ALTER MAPPING FOR asciiword, word WITH consult_swedish",
    "CREATE TEXT SEARCH DICTIONARY consult_turkish (TEMPLATE = snowball, LANGUAGE = turkish)",
    "CREATE TEXT SEARCH CONFIGURATION consult_turkish (COPY = pg_catalog.simple)",
    "ALTER TEXT SEARCH CONFIGURATION consult_turkish ALTER MAPPING FOR asciiword, word WITH consult_turkish",
    "ALTER TABLE search_row ADD COLUMN in_title tsvector GENERATED ALWAYS AS (to_tsvector(CASE stemmer WHEN 'arabic' THEN 'consult_arabic'::regconfig WHEN 'danish' THEN 'consult_danish'::regconfig WHEN 'dutch' THEN 'consult_dutch'::regconfig WHEN 'english' THEN 'consult_english'::regconfig WHEN 'finnish' THEN 'consult_finnish'::regconfig WHEN 'french' THEN 'consult_french'::regconfig WHEN 'german' THEN 'consult_german'::regconfig WHEN 'greek' THEN 'consult_greek'::regconfig WHEN 'hungarian' THEN 'consult_hungarian'::regconfig WHEN 'indonesian' THEN 'consult_indonesian'::regconfig WHEN 'irish' THEN 'consult_irish'::regconfig WHEN 'italian' THEN 'consult_italian'::regconfig WHEN 'lithuanian' THEN 'consult_lithuanian'::regconfig WHEN 'norwegian' THEN 'consult_norwegian'::regconfig WHEN 'portuguese' THEN 'consult_portuguese'::regconfig WHEN 'romanian' THEN 'consult_romanian'::regconfig WHEN 'russian' THEN 'consult_russian'::regconfig WHEN 'spanish' THEN 'consult_spanish'::regconfig WHEN 'swedish' THEN 'consult_swedish'::regconfig WHEN 'turkish' THEN 'consult_turkish'::regconfig ELSE 'pg_catalog.simple'::regconfig END, title)) STORED",
    "CREATE INDEX ix_search_row_in_title ON search_row USING gin (in_title)",
    "ALTER TABLE search_row ADD COLUMN in_quote tsvector GENERATED ALWAYS AS (to_tsvector(CASE stemmer WHEN 'arabic' THEN 'consult_arabic'::regconfig WHEN 'danish' THEN 'consult_danish'::regconfig WHEN 'dutch' THEN 'consult_dutch'::regconfig WHEN 'english' THEN 'consult_english'::regconfig WHEN 'finnish' THEN 'consult_finnish'::regconfig WHEN 'french' THEN 'consult_french'::regconfig WHEN 'german' THEN 'consult_german'::regconfig WHEN 'greek' THEN 'consult_greek'::regconfig WHEN 'hungarian' THEN 'consult_hungarian'::regconfig WHEN 'indonesian' THEN 'consult_indonesian'::regconfig WHEN 'irish' THEN 'consult_irish'::regconfig WHEN 'italian' THEN 'consult_italian'::regconfig WHEN 'lithuanian' THEN 'consult_lithuanian'::regconfig WHEN 'norwegian' THEN 'consult_norwegian'::regconfig WHEN 'portuguese' THEN 'consult_portuguese'::regconfig WHEN 'romanian' THEN 'consult_romanian'::regconfig WHEN 'russian' THEN 'consult_russian'::regconfig WHEN 'spanish' THEN 'consult_spanish'::regconfig WHEN 'swedish' THEN 'consult_swedish'::regconfig WHEN 'turkish' THEN 'consult_turkish'::regconfig ELSE 'pg_catalog.simple'::regconfig END, title) || to_tsvector(CASE stemmer WHEN 'arabic' THEN 'consult_arabic'::regconfig WHEN 'danish' THEN 'consult_danish'::regconfig WHEN 'dutch' THEN 'consult_dutch'::regconfig WHEN 'english' THEN 'consult_english'::regconfig WHEN 'finnish' THEN 'consult_finnish'::regconfig WHEN 'french' THEN 'consult_french'::regconfig WHEN 'german' THEN 'consult_german'::regconfig WHEN 'greek' THEN 'consult_greek'::regconfig WHEN 'hungarian' THEN 'consult_hungarian'::regconfig WHEN 'indonesian' THEN 'consult_indonesian'::regconfig WHEN 'irish' THEN 'consult_irish'::regconfig WHEN 'italian' THEN 'consult_italian'::regconfig WHEN 'lithuanian' THEN 'consult_lithuanian'::regconfig WHEN 'norwegian' THEN 'consult_norwegian'::regconfig WHEN 'portuguese' THEN 'consult_portuguese'::regconfig WHEN 'romanian' THEN 'consult_romanian'::regconfig WHEN 'russian' THEN 'consult_russian'::regconfig WHEN 'spanish' THEN 'consult_spanish'::regconfig WHEN 'swedish' THEN 'consult_swedish'::regconfig WHEN 'turkish' THEN 'consult_turkish'::regconfig ELSE 'pg_catalog.simple'::regconfig END, quote)) STORED",
    "CREATE INDEX ix_search_row_in_quote ON search_row USING gin (in_quote)",
    "ALTER TABLE search_row ADD COLUMN in_words tsvector GENERATED ALWAYS AS (to_tsvector(CASE stemmer WHEN 'arabic' THEN 'consult_arabic'::regconfig WHEN 'danish' THEN 'consult_danish'::regconfig WHEN 'dutch' THEN 'consult_dutch'::regconfig WHEN 'english' THEN 'consult_english'::regconfig WHEN 'finnish' THEN 'consult_finnish'::regconfig WHEN 'french' THEN 'consult_french'::regconfig WHEN 'german' THEN 'consult_german'::regconfig WHEN 'greek' THEN 'consult_greek'::regconfig WHEN 'hungarian' THEN 'consult_hungarian'::regconfig WHEN 'indonesian' THEN 'consult_indonesian'::regconfig WHEN 'irish' THEN 'consult_irish'::regconfig WHEN 'italian' THEN 'consult_italian'::regconfig WHEN 'lithuanian' THEN 'consult_lithuanian'::regconfig WHEN 'norwegian' THEN 'consult_norwegian'::regconfig WHEN 'portuguese' THEN 'consult_portuguese'::regconfig WHEN 'romanian' THEN 'consult_romanian'::regconfig WHEN 'russian' THEN 'consult_russian'::regconfig WHEN 'spanish' THEN 'consult_spanish'::regconfig WHEN 'swedish' THEN 'consult_swedish'::regconfig WHEN 'turkish' THEN 'consult_turkish'::regconfig ELSE 'pg_catalog.simple'::regconfig END, title) || to_tsvector(CASE stemmer WHEN 'arabic' THEN 'consult_arabic'::regconfig WHEN 'danish' THEN 'consult_danish'::regconfig WHEN 'dutch' THEN 'consult_dutch'::regconfig WHEN 'english' THEN 'consult_english'::regconfig WHEN 'finnish' THEN 'consult_finnish'::regconfig WHEN 'french' THEN 'consult_french'::regconfig WHEN 'german' THEN 'consult_german'::regconfig WHEN 'greek' THEN 'consult_greek'::regconfig WHEN 'hungarian' THEN 'consult_hungarian'::regconfig WHEN 'indonesian' THEN 'consult_indonesian'::regconfig WHEN 'irish' THEN 'consult_irish'::regconfig WHEN 'italian' THEN 'consult_italian'::regconfig WHEN 'lithuanian' THEN 'consult_lithuanian'::regconfig WHEN 'norwegian' THEN 'consult_norwegian'::regconfig WHEN 'portuguese' THEN 'consult_portuguese'::regconfig WHEN 'romanian' THEN 'consult_romanian'::regconfig WHEN 'russian' THEN 'consult_russian'::regconfig WHEN 'spanish' THEN 'consult_spanish'::regconfig WHEN 'swedish' THEN 'consult_swedish'::regconfig WHEN 'turkish' THEN 'consult_turkish'::regconfig ELSE 'pg_catalog.simple'::regconfig END, quote) || to_tsvector(CASE stemmer WHEN 'arabic' THEN 'consult_arabic'::regconfig WHEN 'danish' THEN 'consult_danish'::regconfig WHEN 'dutch' THEN 'consult_dutch'::regconfig WHEN 'english' THEN 'consult_english'::regconfig WHEN 'finnish' THEN 'consult_finnish'::regconfig WHEN 'french' THEN 'consult_french'::regconfig WHEN 'german' THEN 'consult_german'::regconfig WHEN 'greek' THEN 'consult_greek'::regconfig WHEN 'hungarian' THEN 'consult_hungarian'::regconfig WHEN 'indonesian' THEN 'consult_indonesian'::regconfig WHEN 'irish' THEN 'consult_irish'::regconfig WHEN 'italian' THEN 'consult_italian'::regconfig WHEN 'lithuanian' THEN 'consult_lithuanian'::regconfig WHEN 'norwegian' THEN 'consult_norwegian'::regconfig WHEN 'portuguese' THEN 'consult_portuguese'::regconfig WHEN 'romanian' THEN 'consult_romanian'::regconfig WHEN 'russian' THEN 'consult_russian'::regconfig WHEN 'spanish' THEN 'consult_spanish'::regconfig WHEN 'swedish' THEN 'consult_swedish'::regconfig WHEN 'turkish' THEN 'consult_turkish'::regconfig ELSE 'pg_catalog.simple'::regconfig END, words)) STORED",
    "CREATE INDEX ix_search_row_in_words ON search_row USING gin (in_words)",
]
POSTGRESQL_INDEX_GOES = [
    "ALTER TABLE search_row DROP COLUMN in_title",
    "ALTER TABLE search_row DROP COLUMN in_quote",
    "ALTER TABLE search_row DROP COLUMN in_words",
    "DROP TEXT SEARCH CONFIGURATION consult_arabic",
    "DROP TEXT SEARCH CONFIGURATION consult_danish",
    "DROP TEXT SEARCH CONFIGURATION consult_dutch",
    "DROP TEXT SEARCH CONFIGURATION consult_english",
    "DROP TEXT SEARCH CONFIGURATION consult_finnish",
    "DROP TEXT SEARCH CONFIGURATION consult_french",
    "DROP TEXT SEARCH CONFIGURATION consult_german",
    "DROP TEXT SEARCH CONFIGURATION consult_greek",
    "DROP TEXT SEARCH CONFIGURATION consult_hungarian",
    "DROP TEXT SEARCH CONFIGURATION consult_indonesian",
    "DROP TEXT SEARCH CONFIGURATION consult_irish",
    "DROP TEXT SEARCH CONFIGURATION consult_italian",
    "DROP TEXT SEARCH CONFIGURATION consult_lithuanian",
    "DROP TEXT SEARCH CONFIGURATION consult_norwegian",
    "DROP TEXT SEARCH CONFIGURATION consult_portuguese",
    "DROP TEXT SEARCH CONFIGURATION consult_romanian",
    "DROP TEXT SEARCH CONFIGURATION consult_russian",
    "DROP TEXT SEARCH CONFIGURATION consult_spanish",
    "DROP TEXT SEARCH CONFIGURATION consult_swedish",
    "DROP TEXT SEARCH CONFIGURATION consult_turkish",
    "DROP TEXT SEARCH DICTIONARY consult_arabic",
    "DROP TEXT SEARCH DICTIONARY consult_danish",
    "DROP TEXT SEARCH DICTIONARY consult_dutch",
    "DROP TEXT SEARCH DICTIONARY consult_english",
    "DROP TEXT SEARCH DICTIONARY consult_finnish",
    "DROP TEXT SEARCH DICTIONARY consult_french",
    "DROP TEXT SEARCH DICTIONARY consult_german",
    "DROP TEXT SEARCH DICTIONARY consult_greek",
    "DROP TEXT SEARCH DICTIONARY consult_hungarian",
    "DROP TEXT SEARCH DICTIONARY consult_indonesian",
    "DROP TEXT SEARCH DICTIONARY consult_irish",
    "DROP TEXT SEARCH DICTIONARY consult_italian",
    "DROP TEXT SEARCH DICTIONARY consult_lithuanian",
    "DROP TEXT SEARCH DICTIONARY consult_norwegian",
    "DROP TEXT SEARCH DICTIONARY consult_portuguese",
    "DROP TEXT SEARCH DICTIONARY consult_romanian",
    "DROP TEXT SEARCH DICTIONARY consult_russian",
    "DROP TEXT SEARCH DICTIONARY consult_spanish",
    "DROP TEXT SEARCH DICTIONARY consult_swedish",
    "DROP TEXT SEARCH DICTIONARY consult_turkish",
]
GUARDS = [
    "draft_version_stays",
    "clause_stays",
    "clause_is_not_added",
    "clause_is_not_removed",
    "reading_page_stays",
    "reading_page_is_not_added",
    "reading_page_is_not_removed",
    "picture_stays",
    "picture_is_not_added",
    "picture_is_not_removed",
    "anchor_stays",
    "letter_stays",
    "letter_is_cut_once",
    "letter_piece_stays",
    "standard_version_stays",
    "administrative_act_stays",
    "administrative_act_is_kept",
]


def upgrade() -> None:
    op.create_table(
        "served_revision",
        sa.Column("revision", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_served_revision")),
        sa.UniqueConstraint("revision", name=op.f("uq_served_revision_revision")),
    )
    op.create_table(
        "edition",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("of_everything", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_edition")),
    )
    op.create_table(
        "job",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("dedupe_key", sa.Text(), nullable=True),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("lease_until", sa.DateTime(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.Column("is_parked", sa.Boolean(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_job_tries_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_job_dedupe_key")),
    )
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.create_index("ix_job_open", ["finished_at", "due_at"], unique=False)

    op.create_table(
        "worker_sign",
        sa.Column("machine", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker_sign")),
        sa.UniqueConstraint("machine", name=op.f("uq_worker_sign_machine")),
    )

    op.create_table(
        "organisation",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("size", sa.Text(), nullable=False),
        sa.Column("register_number", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("is_verified", sa.Boolean(), nullable=False),
        sa.Column("verified_at", sa.DateTime(), nullable=True),
        sa.Column("verified_register_number", sa.Text(), nullable=False),
        sa.Column("verified_domain", sa.Text(), nullable=False),
        sa.Column("verified_reason", sa.Text(), nullable=False),
        sa.Column("domain", sa.Text(), nullable=False),
        sa.Column("domain_proved_at", sa.DateTime(), nullable=True),
        sa.Column("merged_into_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "category IN ('government', 'nonprofit', 'civil_society', 'industry', 'academia', 'individual', 'other')",
            name=op.f("ck_organisation_category_known"),
        ),
        sa.CheckConstraint(
            "size IN ('', 'micro', 'small', 'medium', 'large')", name=op.f("ck_organisation_size_known")
        ),
        sa.ForeignKeyConstraint(["merged_into_id"], ["organisation.id"], name=op.f("fk_organisation_merged_into_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["organisation.id"], name=op.f("fk_organisation_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation")),
        sa.UniqueConstraint("code", name=op.f("uq_organisation_code")),
        sa.UniqueConstraint("name", name=op.f("uq_organisation_name")),
        sa.UniqueConstraint("slug", name=op.f("uq_organisation_slug")),
    )
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisation_merged_into_id"), ["merged_into_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_organisation_parent_id"), ["parent_id"], unique=False)

    op.create_table(
        "person",
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("email_verified_at", sa.DateTime(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("password_changed_at", sa.DateTime(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("is_administrator", sa.Boolean(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("is_machine", sa.Boolean(), nullable=False),
        sa.Column("is_unproven", sa.Boolean(), nullable=False),
        sa.Column("suspended_at", sa.DateTime(), nullable=True),
        sa.Column("second_factor_at", sa.DateTime(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "category IN ('government', 'nonprofit', 'civil_society', 'industry', 'academia', 'individual', 'other')",
            name=op.f("ck_person_category_known"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_table(
        "organisation_apart",
        sa.Column("one_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("other_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("one_id < other_id", name=op.f("ck_organisation_apart_in_order")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_organisation_apart_by_id")),
        sa.ForeignKeyConstraint(["one_id"], ["organisation.id"], name=op.f("fk_organisation_apart_one_id")),
        sa.ForeignKeyConstraint(["other_id"], ["organisation.id"], name=op.f("fk_organisation_apart_other_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_apart")),
        sa.UniqueConstraint("one_id", "other_id", name=op.f("uq_organisation_apart_one_id_other_id")),
    )
    with op.batch_alter_table("organisation_apart", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisation_apart_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_organisation_apart_other_id"), ["other_id"], unique=False)

    op.create_table(
        "organisation_category_change",
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "after IN ('government', 'nonprofit', 'civil_society', 'industry', 'academia', 'individual', 'other')",
            name=op.f("ck_organisation_category_change_after_known"),
        ),
        sa.CheckConstraint(
            "before IN ('government', 'nonprofit', 'civil_society', 'industry', 'academia', 'individual', 'other')",
            name=op.f("ck_organisation_category_change_before_known"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_organisation_category_change_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_organisation_category_change_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_category_change")),
    )
    with op.batch_alter_table("organisation_category_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisation_category_change_by_id"), ["by_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_organisation_category_change_organisation_id"), ["organisation_id"], unique=False
        )

    op.create_table(
        "organisation_merge",
        sa.Column("former_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("into_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("merged_at", sa.DateTime(), nullable=False),
        sa.Column("undone_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("undone_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_organisation_merge_by_id")),
        sa.ForeignKeyConstraint(["former_id"], ["organisation.id"], name=op.f("fk_organisation_merge_former_id")),
        sa.ForeignKeyConstraint(["into_id"], ["organisation.id"], name=op.f("fk_organisation_merge_into_id")),
        sa.ForeignKeyConstraint(["undone_by_id"], ["person.id"], name=op.f("fk_organisation_merge_undone_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_merge")),
    )
    with op.batch_alter_table("organisation_merge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisation_merge_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_organisation_merge_former_id"), ["former_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_organisation_merge_into_id"), ["into_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_organisation_merge_undone_by_id"), ["undone_by_id"], unique=False)

    op.create_table(
        "merged_value",
        sa.Column("merge_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("table", sa.Text(), nullable=False),
        sa.Column("row_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("column", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["merge_id"], ["organisation_merge.id"], name=op.f("fk_merged_value_merge_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merged_value")),
    )
    with op.batch_alter_table("merged_value", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_merged_value_merge_id"), ["merge_id"], unique=False)

    op.create_table(
        "submission",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("operation", sa.Text(), nullable=False),
        sa.Column("result_table", sa.Text(), nullable=True),
        sa.Column("result_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("key", name=op.f("uq_submission_key")),
    )
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_submission_created_at"), ["created_at"], unique=False)

    op.create_table(
        "api_token",
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("start", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("acting_for_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime(), nullable=True),
        sa.Column("warned_at", sa.DateTime(), nullable=True),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["acting_for_id"], ["organisation.id"], name=op.f("fk_api_token_acting_for_id_organisation")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_api_token_made_by_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_api_token_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_api_token_digest")),
    )
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_token_acting_for_id"), ["acting_for_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_api_token_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_api_token_made_by_id"), ["made_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_api_token_person_id"), ["person_id"], unique=False)

    op.create_table(
        "category_change",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "after IN ('government', 'nonprofit', 'civil_society', 'industry', 'academia', 'individual', 'other')",
            name=op.f("ck_category_change_after_known"),
        ),
        sa.CheckConstraint(
            "before IN ('government', 'nonprofit', 'civil_society', 'industry', 'academia', 'individual', 'other')",
            name=op.f("ck_category_change_before_known"),
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_category_change_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_category_change")),
    )
    with op.batch_alter_table("category_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_category_change_person_id"), ["person_id"], unique=False)

    op.create_table(
        "trail",
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trail")),
    )
    with op.batch_alter_table("trail", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trail_at"), ["at"], unique=False)
        batch_op.create_index("ix_trail_origin", ["origin", "at"], unique=False)
        batch_op.create_index("ix_trail_words", ["words", "at"], unique=False)

    op.create_table(
        "consultation",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("organiser_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("organiser_name", sa.Text(), nullable=False),
        sa.Column("co_organisers", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("opens_at", sa.DateTime(), nullable=True),
        sa.Column("closes_at", sa.DateTime(), nullable=True),
        sa.Column("response_due_at", sa.DateTime(), nullable=True),
        sa.Column("review_days", sa.Integer(), nullable=False),
        sa.Column("appeal_days", sa.Integer(), nullable=False),
        sa.Column("review_ends_at", sa.DateTime(), nullable=True),
        sa.Column("announced_at", sa.DateTime(), nullable=True),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.Column("created_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("edit_number", sa.Integer(), nullable=False),
        sa.Column("comment_count", sa.Integer(), nullable=False),
        sa.Column("organisation_count", sa.Integer(), nullable=False),
        sa.Column("person_count", sa.Integer(), nullable=False),
        sa.Column("pre_moderation", sa.Text(), nullable=False),
        sa.Column("access", sa.Text(), nullable=False),
        sa.Column("least_named", sa.Text(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("outcome_line", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("access IN ('public', 'invited', 'private')", name=op.f("ck_consultation_access_known")),
        sa.CheckConstraint(
            "least_named IN ('name', 'category', 'nobody')", name=op.f("ck_consultation_least_named_known")
        ),
        sa.CheckConstraint("appeal_days BETWEEN 7 AND 365", name=op.f("ck_consultation_appeals_have_time")),
        sa.CheckConstraint(
            "state IN ('draft', 'announced', 'open', 'paused', 'analysis', 'review', 'published', 'adopted', 'withdrawn', 'archived')",
            name=op.f("ck_consultation_state_known"),
        ),
        sa.CheckConstraint(
            "pre_moderation IN ('off', 'first', 'all')", name=op.f("ck_consultation_pre_moderation_known")
        ),
        sa.CheckConstraint(
            "closes_at IS NULL OR opens_at IS NULL OR closes_at > opens_at",
            name=op.f("ck_consultation_closes_after_opening"),
        ),
        sa.ForeignKeyConstraint(["created_by_id"], ["person.id"], name=op.f("fk_consultation_created_by_id")),
        sa.ForeignKeyConstraint(["organiser_id"], ["organisation.id"], name=op.f("fk_consultation_organiser_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consultation")),
        sa.UniqueConstraint("slug", name=op.f("uq_consultation_slug")),
    )
    with op.batch_alter_table("consultation", schema=None) as batch_op:
        batch_op.create_index("ix_consultation_announced", ["announced_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consultation_created_by_id"), ["created_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_consultation_organiser_id"), ["organiser_id"], unique=False)
        batch_op.create_index("ix_consultation_state_closes", ["state", "closes_at", "id"], unique=False)

    op.create_table(
        "data_copy",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("ready_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("(ready_at IS NULL) = (name = '')", name=op.f("ck_data_copy_ready_has_a_file")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_data_copy_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_data_copy")),
        sa.UniqueConstraint("person_id", name=op.f("uq_data_copy_person_id")),
    )
    with op.batch_alter_table("data_copy", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_data_copy_ready_at"), ["ready_at"], unique=False)

    op.create_table(
        "erasure",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("words_go", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("done_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_erasure_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
        sa.UniqueConstraint("person_id", name=op.f("uq_erasure_person_id")),
    )

    op.create_table(
        "interest",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("declared_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_interest_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_interest")),
    )
    with op.batch_alter_table("interest", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_interest_person_id"), ["person_id"], unique=False)

    op.create_table(
        "membership",
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("is_signatory", sa.Boolean(), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("state IN ('asked', 'member', 'refused', 'left')", name=op.f("ck_membership_state_known")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_membership_decided_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_membership_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint("organisation_id", "person_id", name=op.f("uq_membership_organisation_id_person_id")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_decided_by_id"), ["decided_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_membership_person_id"), ["person_id"], unique=False)

    op.create_table(
        "sign_in",
        sa.Column("token_digest", sa.Text(), nullable=False),
        sa.Column("previous_digest", sa.Text(), nullable=True),
        sa.Column("renewed_at", sa.DateTime(), nullable=True),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("acting_for_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("device", sa.Text(), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("proved_at", sa.DateTime(), nullable=True),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["acting_for_id"], ["organisation.id"], name=op.f("fk_sign_in_acting_for_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sign_in_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in")),
        sa.UniqueConstraint("previous_digest", name=op.f("uq_sign_in_previous_digest")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_sign_in_token_digest")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_acting_for_id"), ["acting_for_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sign_in_person_id"), ["person_id"], unique=False)

    op.create_table(
        "authenticator",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("last_step", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_authenticator_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authenticator")),
        sa.UniqueConstraint("person_id", name=op.f("uq_authenticator_person_id")),
    )
    op.create_table(
        "passkey",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("credential_id", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sign_count", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_passkey_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    with op.batch_alter_table("passkey", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passkey_person_id"), ["person_id"], unique=False)

    op.create_table(
        "provider_identity",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("issuer", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("arrived_at", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("linked_at", sa.DateTime(), nullable=False),
        sa.Column("used_on", sa.Date(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_provider_identity_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_identity")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_provider_identity_issuer_subject")),
        sa.UniqueConstraint("person_id", "issuer", name=op.f("uq_provider_identity_person_id_issuer")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_recovery_code_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("person_id", "digest", name=op.f("uq_recovery_code_person_id_digest")),
    )

    op.create_table(
        "draft",
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_draft_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("consultation_id", name=op.f("uq_draft_consultation_id")),
    )
    op.create_table(
        "import_batch",
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("source_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("imported_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("imported_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_import_batch_consultation_id")),
        sa.ForeignKeyConstraint(["imported_by_id"], ["person.id"], name=op.f("fk_import_batch_imported_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_batch")),
    )
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.create_index("ix_import_batch_file", ["consultation_id", "profile", "reference"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_batch_imported_by_id"), ["imported_by_id"], unique=False)

    op.create_table(
        "numbering",
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_numbering_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_numbering")),
        sa.UniqueConstraint("consultation_id", "prefix", name=op.f("uq_numbering_consultation_id_prefix")),
    )
    op.create_table(
        "position",
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("definition", sa.Text(), nullable=False),
        sa.Column("sign", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("comment_count", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "sign IN ('safety', 'profit', 'access', 'p4', 'p5', 'p6')", name=op.f("ck_position_sign_known")
        ),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_position_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_position")),
        sa.UniqueConstraint("consultation_id", "key", name=op.f("uq_position_consultation_id_key")),
    )
    op.create_table(
        "question",
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_question_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question")),
    )
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_question_consultation_id"), ["consultation_id"], unique=False)

    op.create_table(
        "guest_organisation",
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("invited_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("invited_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_guest_organisation_consultation_id")
        ),
        sa.ForeignKeyConstraint(["invited_by_id"], ["person.id"], name=op.f("fk_guest_organisation_invited_by_id")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_guest_organisation_organisation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest_organisation")),
        sa.UniqueConstraint(
            "consultation_id", "organisation_id", name=op.f("uq_guest_organisation_consultation_id_organisation_id")
        ),
    )
    with op.batch_alter_table("guest_organisation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_guest_organisation_invited_by_id"), ["invited_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_guest_organisation_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("invited_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("invited_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "(organisation_id IS NULL) <> (consultation_id IS NULL)", name=op.f("ck_invitation_to_one_thing")
        ),
        sa.CheckConstraint(
            "role IN ('member', 'signatory', 'organiser', 'moderator', 'editor', 'observer', 'appeals_panel', 'participant')",
            name=op.f("ck_invitation_role_known"),
        ),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_invitation_consultation_id")),
        sa.ForeignKeyConstraint(["invited_by_id"], ["person.id"], name=op.f("fk_invitation_invited_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_invitation_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("consultation_id", "email", "role", name=op.f("uq_invitation_consultation_id_email_role")),
        sa.UniqueConstraint("organisation_id", "email", name=op.f("uq_invitation_organisation_id_email")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_invitation_email"), ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_invitation_invited_by_id"), ["invited_by_id"], unique=False)

    op.create_table(
        "role_grant",
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("granted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("granted_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "role IN ('organiser', 'moderator', 'editor', 'observer', 'appeals_panel', 'participant')",
            name=op.f("ck_role_grant_role_known"),
        ),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_role_grant_consultation_id")),
        sa.ForeignKeyConstraint(["granted_by_id"], ["person.id"], name=op.f("fk_role_grant_granted_by_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_grant_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grant")),
        sa.UniqueConstraint(
            "consultation_id", "person_id", "role", name=op.f("uq_role_grant_consultation_id_person_id_role")
        ),
    )
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_role_grant_granted_by_id"), ["granted_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_role_grant_person_id"), ["person_id"], unique=False)

    op.create_table(
        "suspension",
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_suspension_consultation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_suspension_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspension")),
        sa.UniqueConstraint("consultation_id", "person_id", name=op.f("uq_suspension_consultation_id_person_id")),
    )
    with op.batch_alter_table("suspension", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_suspension_person_id"), ["person_id"], unique=False)

    op.create_table(
        "round",
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("opened_at", sa.DateTime(), nullable=True),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.Column("comment_count", sa.Integer(), nullable=False),
        sa.Column("organisation_count", sa.Integer(), nullable=False),
        sa.Column("person_count", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_round_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
        sa.UniqueConstraint("consultation_id", "number", name=op.f("uq_round_consultation_id_number")),
    )
    op.create_table(
        "stored_file",
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("added_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("size > 0", name=op.f("ck_stored_file_holds_something")),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_stored_file_names_its_content")),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_stored_file_added_by_id")),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_stored_file_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
    )
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stored_file_consultation_id"), ["consultation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stored_file_sha256"), ["sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_stored_file_added_by_id"), ["added_by_id"], unique=False)

    op.create_table(
        "staged_draft",
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source_name", sa.Text(), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("parsed", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("edits", sa.Text(), nullable=False),
        sa.Column("preview", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_staged_draft_consultation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_staged_draft_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staged_draft")),
        sa.UniqueConstraint("consultation_id", "person_id", name=op.f("uq_staged_draft_consultation_id_person_id")),
    )
    with op.batch_alter_table("staged_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staged_draft_person_id"), ["person_id"], unique=False)

    op.create_table(
        "topic",
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_topic_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic")),
        sa.UniqueConstraint("consultation_id", "name", name=op.f("uq_topic_consultation_id_name")),
    )
    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.create_index("ix_topic_name", ["name"], unique=False)

    op.create_table(
        "transition",
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("from_state", sa.Text(), nullable=False),
        sa.Column("to_state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["person.id"], name=op.f("fk_transition_actor_id")),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_transition_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transition")),
    )
    with op.batch_alter_table("transition", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transition_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index("ix_transition_consultation", ["consultation_id", "id"], unique=False)
        batch_op.create_index("ix_transition_verb_at", ["verb", "at"], unique=False)

    op.create_table(
        "comment",
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("named", sa.Text(), nullable=False),
        sa.Column("signer_named", sa.Text(), nullable=False),
        sa.Column("named_at", sa.DateTime(), nullable=True),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("unsigned_for_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("signed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("signed_at", sa.DateTime(), nullable=True),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_note", sa.Text(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=True),
        sa.Column("stance", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("must_be_satisfied", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_reason", sa.Text(), nullable=False),
        sa.Column("held_for", sa.Text(), nullable=False),
        sa.Column("released_at", sa.DateTime(), nullable=True),
        sa.Column("disposition", sa.Text(), nullable=False),
        sa.Column("is_answered", sa.Boolean(), nullable=False),
        sa.Column("is_placed", sa.Boolean(), nullable=False),
        sa.Column("answers_apart", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("posted_at", sa.DateTime(), nullable=False),
        sa.Column("active_at", sa.DateTime(), nullable=False),
        sa.Column("edited_at", sa.DateTime(), nullable=True),
        sa.Column("edit_number", sa.Integer(), nullable=False),
        sa.Column("placed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("placed_at", sa.DateTime(), nullable=True),
        sa.Column("reply_count", sa.Integer(), nullable=False),
        sa.Column("agree_count", sa.Integer(), nullable=False),
        sa.Column("disagree_count", sa.Integer(), nullable=False),
        sa.Column("pass_count", sa.Integer(), nullable=False),
        sa.Column("common_ground", sa.Integer(), nullable=False),
        sa.Column("group_ground", sa.Integer(), nullable=False),
        sa.Column("vote_worth", sa.Integer(), nullable=False),
        sa.Column("cosignature_count", sa.Integer(), nullable=False),
        sa.Column("shuffle", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "NOT must_be_satisfied OR type = 'technical'", name=op.f("ck_comment_must_be_satisfied_is_technical")
        ),
        sa.CheckConstraint("organisation_id IS NULL OR unsigned_for_id IS NULL", name=op.f("ck_comment_signed_or_not")),
        sa.CheckConstraint("(signed_by_id IS NULL) = (signed_at IS NULL)", name=op.f("ck_comment_signed_by_somebody")),
        sa.CheckConstraint(
            "signed_at IS NULL OR organisation_id IS NOT NULL", name=op.f("ck_comment_signed_for_an_organisation")
        ),
        sa.CheckConstraint(
            "category IN ('government', 'nonprofit', 'civil_society', 'industry', 'academia', 'individual', 'other')",
            name=op.f("ck_comment_category_known"),
        ),
        sa.CheckConstraint(
            "disposition IN ('unresolved', 'accepted', 'accepted_modified', 'rejected', 'noted', 'deferred', 'duplicate', 'out_of_scope', 'withdrawn')",
            name=op.f("ck_comment_disposition_known"),
        ),
        sa.CheckConstraint(
            "source IN ('web', 'email', 'paper', 'meeting', 'docx', 'xlsx', 'csv', 'api', 'log')",
            name=op.f("ck_comment_source_known"),
        ),
        sa.CheckConstraint(
            "stance IN ('support', 'support_with_changes', 'object', 'neutral', 'question', '')",
            name=op.f("ck_comment_stance_known"),
        ),
        sa.CheckConstraint("named IN ('name', 'category', 'nobody')", name=op.f("ck_comment_named_known")),
        sa.CheckConstraint(
            "signer_named IN ('name', 'category', 'nobody')", name=op.f("ck_comment_signer_named_known")
        ),
        sa.CheckConstraint("state IN ('posted', 'withdrawn', 'hidden', 'held')", name=op.f("ck_comment_state_known")),
        sa.CheckConstraint(
            "held_for IN ('', 'first', 'all', 'address', 'burst', 'text', 'links', 'unproven')",
            name=op.f("ck_comment_held_for_known"),
        ),
        sa.CheckConstraint("state <> 'held' OR held_for <> ''", name=op.f("ck_comment_held_for_a_reason")),
        sa.CheckConstraint("type IN ('general', 'technical', 'editorial')", name=op.f("ck_comment_type_known")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_comment_author_id")),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_comment_consultation_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_comment_organisation_id")),
        sa.ForeignKeyConstraint(["unsigned_for_id"], ["organisation.id"], name=op.f("fk_comment_unsigned_for_id")),
        sa.ForeignKeyConstraint(["signed_by_id"], ["person.id"], name=op.f("fk_comment_signed_by_id")),
        sa.ForeignKeyConstraint(["placed_by_id"], ["person.id"], name=op.f("fk_comment_placed_by_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_comment_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment")),
        sa.UniqueConstraint("consultation_id", "fingerprint", name=op.f("uq_comment_consultation_id_fingerprint")),
        sa.UniqueConstraint("consultation_id", "number", name=op.f("uq_comment_consultation_id_number")),
    )
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.create_index("ix_comment_answered", ["consultation_id", "disposition", "id"], unique=False)
        batch_op.create_index(
            "ix_comment_unshown",
            ["consultation_id", "state", "id"],
            unique=False,
            sqlite_where=sa.text("state <> 'posted'"),
            postgresql_where=sa.text("state <> 'posted'"),
        )
        batch_op.create_index(
            "ix_comment_unplaced",
            ["consultation_id", "posted_at", "id"],
            unique=False,
            sqlite_where=sa.text("NOT is_placed"),
            postgresql_where=sa.text("NOT is_placed"),
        )
        batch_op.create_index(
            "ix_comment_apart",
            ["consultation_id", "state", "id"],
            unique=False,
            sqlite_where=sa.text("answers_apart <> ''"),
            postgresql_where=sa.text("answers_apart <> ''"),
        )
        batch_op.create_index("ix_comment_author", ["author_id", "id"], unique=False)
        batch_op.create_index(
            "ix_comment_author_here",
            ["author_id", "consultation_id", "posted_at", "id", "organisation_id"],
            unique=False,
        )
        batch_op.create_index("ix_comment_cosigned", ["consultation_id", "cosignature_count", "id"], unique=False)
        batch_op.create_index("ix_comment_random", ["consultation_id", "shuffle", "id"], unique=False)
        batch_op.create_index("ix_comment_active", ["consultation_id", "active_at", "id"], unique=False)
        batch_op.create_index("ix_comment_ground", ["consultation_id", "common_ground", "id"], unique=False)
        batch_op.create_index("ix_comment_waiting", ["consultation_id", "is_answered", "id"], unique=False)
        batch_op.create_index("ix_comment_worth", ["consultation_id", "vote_worth", "id"], unique=False)
        batch_op.create_index("ix_comment_discussed", ["consultation_id", "reply_count", "id"], unique=False)
        batch_op.create_index("ix_comment_newest", ["consultation_id", "posted_at", "id"], unique=False)
        batch_op.create_index("ix_comment_organisation", ["organisation_id", "posted_at", "id"], unique=False)
        batch_op.create_index("ix_comment_organisation_place", ["organisation_id", "place", "id"], unique=False)
        batch_op.create_index("ix_comment_unsigned", ["unsigned_for_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_comment_signed_by_id"), ["signed_by_id"], unique=False)
        batch_op.create_index("ix_comment_place", ["consultation_id", "place", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_comment_placed_by_id"), ["placed_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_comment_round_id"), ["round_id"], unique=False)

    op.create_table(
        "draft_version",
        sa.Column("draft_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("supersedes_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("source_name", sa.Text(), nullable=False),
        sa.Column("source_format", sa.Text(), nullable=False),
        sa.Column("source", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("warnings", sa.Text(), nullable=False),
        sa.Column("change_note", sa.Text(), nullable=False),
        sa.Column("edits", sa.Text(), nullable=False),
        sa.Column("lines_tool", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_version_draft_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_draft_version_round_id")),
        sa.ForeignKeyConstraint(["supersedes_id"], ["draft_version.id"], name=op.f("fk_draft_version_supersedes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_version")),
        sa.UniqueConstraint("draft_id", "number", name=op.f("uq_draft_version_draft_id_number")),
        sa.UniqueConstraint("round_id", name=op.f("uq_draft_version_round_id")),
    )
    with op.batch_alter_table("draft_version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_draft_version_supersedes_id"), ["supersedes_id"], unique=False)

    op.create_table(
        "outcome_summary",
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("headline", sa.Text(), nullable=False),
        sa.Column("edit_number", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_outcome_summary_consultation_id")
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_outcome_summary_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outcome_summary")),
        sa.CheckConstraint("number = 1 OR reason <> ''", name=op.f("ck_outcome_summary_correction_has_reason")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_outcome_summary_round_id_number")),
    )
    with op.batch_alter_table("outcome_summary", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outcome_summary_consultation_id"), ["consultation_id"], unique=False)

    op.create_table(
        "comment_position",
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("is_cost", sa.Boolean(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_comment_position_comment_id")),
        sa.ForeignKeyConstraint(["position_id"], ["position.id"], name=op.f("fk_comment_position_position_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_position")),
        sa.UniqueConstraint("comment_id", "position_id", name=op.f("uq_comment_position_comment_id_position_id")),
    )
    with op.batch_alter_table("comment_position", schema=None) as batch_op:
        batch_op.create_index("ix_comment_position_position", ["position_id", "comment_id"], unique=False)

    op.create_table(
        "picture",
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["draft_version.id"], name=op.f("fk_picture_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_picture")),
        sa.UniqueConstraint("version_id", "name", name=op.f("uq_picture_version_id_name")),
    )
    op.create_table(
        "reading_page",
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("crumbs", sa.Text(), nullable=False),
        sa.Column("comment_count", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["draft_version.id"], name=op.f("fk_reading_page_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reading_page")),
        sa.UniqueConstraint("version_id", "key", name=op.f("uq_reading_page_version_id_key")),
    )
    with op.batch_alter_table("reading_page", schema=None) as batch_op:
        batch_op.create_index("ix_reading_page_rank", ["version_id", "rank"], unique=False)

    op.create_table(
        "reply",
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("path", sa.Text(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("answer_count", sa.Integer(), nullable=False),
        sa.Column("below_count", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("named", sa.Text(), nullable=False),
        sa.Column("named_at", sa.DateTime(), nullable=True),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_url", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=True),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("state_reason", sa.Text(), nullable=False),
        sa.Column("held_for", sa.Text(), nullable=False),
        sa.Column("released_at", sa.DateTime(), nullable=True),
        sa.Column("posted_at", sa.DateTime(), nullable=False),
        sa.Column("edited_at", sa.DateTime(), nullable=True),
        sa.Column("edit_number", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("author_id IS NOT NULL OR source <> 'web'", name=op.f("ck_reply_has_author_or_source")),
        sa.CheckConstraint(
            "source IN ('web', 'email', 'paper', 'meeting', 'docx', 'xlsx', 'csv', 'api', 'log')",
            name=op.f("ck_reply_source_known"),
        ),
        sa.CheckConstraint("named IN ('name', 'category', 'nobody')", name=op.f("ck_reply_named_known")),
        sa.CheckConstraint("state IN ('posted', 'withdrawn', 'hidden', 'held')", name=op.f("ck_reply_state_known")),
        sa.CheckConstraint(
            "held_for IN ('', 'first', 'all', 'address', 'burst', 'text', 'links', 'unproven')",
            name=op.f("ck_reply_held_for_known"),
        ),
        sa.CheckConstraint(
            "state <> 'held' OR (held_for <> '' AND place = 0)", name=op.f("ck_reply_held_has_reason_and_no_place")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_reply_author_id")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_reply_comment_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_reply_organisation_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["reply.id"], name=op.f("fk_reply_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply")),
        sa.UniqueConstraint("comment_id", "fingerprint", name=op.f("uq_reply_comment_id_fingerprint")),
    )
    with op.batch_alter_table("reply", schema=None) as batch_op:
        batch_op.create_index(
            "ix_reply_unshown",
            ["state", "comment_id"],
            unique=False,
            sqlite_where=sa.text("state <> 'posted'"),
            postgresql_where=sa.text("state <> 'posted'"),
        )
        batch_op.create_index("ix_reply_author", ["author_id", "id"], unique=False)
        batch_op.create_index("ix_reply_organisation", ["organisation_id", "posted_at", "id"], unique=False)
        batch_op.create_index("ix_reply_level", ["comment_id", "depth", "place"], unique=False)
        batch_op.create_index("ix_reply_new", ["comment_id", "posted_at"], unique=False)
        batch_op.create_index("ix_reply_parent", ["parent_id", "place"], unique=False)
        batch_op.create_index("ix_reply_thread", ["comment_id", "path"], unique=False)

    op.create_table(
        "import_row",
        sa.Column("batch_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("fate", sa.Text(), nullable=False),
        sa.Column("sentence", sa.Text(), nullable=False),
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reply_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("fate = 'error' OR comment_id IS NOT NULL", name=op.f("ck_import_row_leads_to_its_comment")),
        sa.CheckConstraint(
            "fate IN ('created', 'updated', 'duplicate', 'error')", name=op.f("ck_import_row_fate_known")
        ),
        sa.CheckConstraint("sentence <> ''", name=op.f("ck_import_row_has_sentence")),
        sa.ForeignKeyConstraint(["batch_id"], ["import_batch.id"], name=op.f("fk_import_row_batch_id")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_import_row_comment_id")),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_import_row_reply_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_import_row")),
        sa.UniqueConstraint("batch_id", "line", name=op.f("uq_import_row_batch_id_line")),
    )
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_import_row_comment_id"), ["comment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_import_row_reply_id"), ["reply_id"], unique=False)
        batch_op.create_index("ix_import_row_external", ["external_id", "batch_id"], unique=False)

    op.create_table(
        "statement",
        sa.Column("summary_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("section", sa.Text(), nullable=False),
        sa.Column("heading", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("is_minority", sa.Boolean(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "section IN ('asked', 'said', 'did', 'not_done', 'own')", name=op.f("ck_statement_section_known")
        ),
        sa.CheckConstraint("(section = 'own') = (heading <> '')", name=op.f("ck_statement_own_section_has_heading")),
        sa.ForeignKeyConstraint(["summary_id"], ["outcome_summary.id"], name=op.f("fk_statement_summary_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
    )
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.create_index("ix_statement_rank", ["summary_id", "rank"], unique=False)

    op.create_table(
        "vote",
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("choice", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("voted_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "category IN ('government', 'nonprofit', 'civil_society', 'industry', 'academia', 'individual', 'other')",
            name=op.f("ck_vote_category_known"),
        ),
        sa.CheckConstraint("choice IN ('agree', 'disagree', 'pass')", name=op.f("ck_vote_choice_known")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_vote_comment_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_vote_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote")),
        sa.UniqueConstraint("comment_id", "person_id", name=op.f("uq_vote_comment_id_person_id")),
    )
    with op.batch_alter_table("vote", schema=None) as batch_op:
        batch_op.create_index("ix_vote_person", ["person_id", "voted_at", "id"], unique=False)

    op.create_table(
        "vote_tally",
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("agree_count", sa.Integer(), nullable=False),
        sa.Column("disagree_count", sa.Integer(), nullable=False),
        sa.Column("pass_count", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "category IN ('government', 'nonprofit', 'civil_society', 'industry', 'academia', 'individual', 'other')",
            name=op.f("ck_vote_tally_category_known"),
        ),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_vote_tally_comment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vote_tally")),
        sa.UniqueConstraint("comment_id", "category", name=op.f("uq_vote_tally_comment_id_category")),
    )

    op.create_table(
        "opinion_map",
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("formula", sa.Integer(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("voters", sa.Integer(), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("sizes", sa.Text(), nullable=False),
        sa.Column("typical", sa.Text(), nullable=False),
        sa.Column("uniting", sa.Text(), nullable=False),
        sa.Column("gain", sa.Integer(), nullable=False),
        sa.Column("is_stable", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_opinion_map_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion_map")),
        sa.UniqueConstraint("round_id", name=op.f("uq_opinion_map_round_id")),
    )

    op.create_table(
        "opinion_tally",
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("agree_count", sa.Integer(), nullable=False),
        sa.Column("disagree_count", sa.Integer(), nullable=False),
        sa.Column("pass_count", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("number BETWEEN 1 AND 5", name=op.f("ck_opinion_tally_number_of_a_group")),
        sa.CheckConstraint(
            "agree_count + disagree_count + pass_count >= 5", name=op.f("ck_opinion_tally_nobody_alone")
        ),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_opinion_tally_comment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion_tally")),
        sa.UniqueConstraint("comment_id", "number", name=op.f("uq_opinion_tally_comment_id_number")),
    )

    op.create_table(
        "visit",
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("before_at", sa.DateTime(), nullable=False),
        sa.Column("latest_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_visit_consultation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_visit_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        sa.UniqueConstraint("consultation_id", "person_id", name=op.f("uq_visit_consultation_id_person_id")),
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_person_id"), ["person_id"], unique=False)

    op.create_table(
        "quotation",
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reply_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("of_comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("of_reply_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("held", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("(comment_id IS NULL) <> (reply_id IS NULL)", name=op.f("ck_quotation_in_one_thing")),
        sa.CheckConstraint("(of_comment_id IS NULL) <> (of_reply_id IS NULL)", name=op.f("ck_quotation_of_one_thing")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_quotation_comment_id")),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_quotation_reply_id")),
        sa.ForeignKeyConstraint(["of_comment_id"], ["comment.id"], name=op.f("fk_quotation_of_comment_id")),
        sa.ForeignKeyConstraint(["of_reply_id"], ["reply.id"], name=op.f("fk_quotation_of_reply_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quotation")),
    )
    with op.batch_alter_table("quotation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_quotation_comment_id"), ["comment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_quotation_reply_id"), ["reply_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_quotation_of_comment_id"), ["of_comment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_quotation_of_reply_id"), ["of_reply_id"], unique=False)

    op.create_table(
        "citation",
        sa.Column("statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_citation_comment_id")),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name=op.f("fk_citation_statement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_citation")),
        sa.UniqueConstraint("statement_id", "comment_id", name=op.f("uq_citation_statement_id_comment_id")),
    )
    with op.batch_alter_table("citation", schema=None) as batch_op:
        batch_op.create_index("ix_citation_comment", ["comment_id"], unique=False)

    op.create_table(
        "standard",
        sa.Column("slug", sa.Text(), nullable=False),
        sa.Column("latest", sa.Integer(), nullable=False),
        sa.Column("review_at", sa.DateTime(), nullable=True),
        sa.Column("reminded_days", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "withdrawn_at IS NOT NULL OR review_at IS NOT NULL", name=op.f("ck_standard_reviewed_or_withdrawn")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard")),
        sa.UniqueConstraint("slug", name=op.f("uq_standard_slug")),
    )
    op.create_index("ix_standard_review", "standard", ["review_at", "id"], unique=False)
    op.create_table(
        "standard_version",
        sa.Column("standard_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("draft_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("designation", sa.Text(), nullable=False),
        sa.Column("bodies", sa.Text(), nullable=False),
        sa.Column("editors", sa.Text(), nullable=False),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.Column("licence_words", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("adopted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("adopted_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "licence IN ('CC0-1.0', 'CC-BY-4.0', 'CC-BY-SA-4.0', 'CC-BY-NC-4.0', 'CC-BY-NC-ND-4.0', 'ODbL-1.0', 'Apache-2.0', 'MIT', 'BSD-3-Clause', 'EUPL-1.2', 'GPL-3.0-or-later', 'AGPL-3.0-or-later', 'public-domain', 'reserved', 'unknown', 'other')",
            name=op.f("ck_standard_version_licence_known"),
        ),
        sa.ForeignKeyConstraint(["standard_id"], ["standard.id"], name=op.f("fk_standard_version_standard_id")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_standard_version_consultation_id")
        ),
        sa.ForeignKeyConstraint(
            ["draft_version_id"], ["draft_version.id"], name=op.f("fk_standard_version_draft_version_id")
        ),
        sa.ForeignKeyConstraint(["adopted_by_id"], ["person.id"], name=op.f("fk_standard_version_adopted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_version")),
        sa.UniqueConstraint("consultation_id", name=op.f("uq_standard_version_consultation_id")),
        sa.UniqueConstraint("draft_version_id", name=op.f("uq_standard_version_draft_version_id")),
        sa.UniqueConstraint("standard_id", "number", name=op.f("uq_standard_version_standard_id_number")),
    )
    op.create_index(op.f("ix_standard_version_adopted_by_id"), "standard_version", ["adopted_by_id"], unique=False)
    op.create_table(
        "standard_pdf",
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["standard_version.id"], name=op.f("fk_standard_pdf_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_pdf")),
        sa.UniqueConstraint("version_id", name=op.f("uq_standard_pdf_version_id")),
    )
    op.create_table(
        "standard_review",
        sa.Column("standard_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "decision IN ('confirm', 'revise', 'withdraw')", name=op.f("ck_standard_review_decision_known")
        ),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_standard_review_has_reason")),
        sa.ForeignKeyConstraint(["standard_id"], ["standard.id"], name=op.f("fk_standard_review_standard_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_standard_review_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standard_review")),
    )
    op.create_index("ix_standard_review_standard", "standard_review", ["standard_id", "id"], unique=False)
    op.create_index(op.f("ix_standard_review_person_id"), "standard_review", ["person_id"], unique=False)

    op.create_table(
        "clause",
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("page_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("lineage_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("own_label", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("is_heading", sa.Boolean(), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("comment_count", sa.Integer(), nullable=False),
        sa.Column("total_count", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["page_id"], ["reading_page.id"], name=op.f("fk_clause_page_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["clause.id"], name=op.f("fk_clause_parent_id")),
        sa.ForeignKeyConstraint(["version_id"], ["draft_version.id"], name=op.f("fk_clause_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clause")),
        sa.UniqueConstraint("lineage_id", "version_id", name=op.f("uq_clause_lineage_id_version_id")),
        sa.UniqueConstraint("version_id", "key", name=op.f("uq_clause_version_id_key")),
    )
    with op.batch_alter_table("clause", schema=None) as batch_op:
        batch_op.create_index("ix_clause_heading", ["version_id", "is_heading", "rank", "depth"], unique=False)
        batch_op.create_index("ix_clause_label", ["version_id", "label"], unique=False)
        batch_op.create_index("ix_clause_line", ["version_id", "line"], unique=False)
        batch_op.create_index("ix_clause_page", ["page_id", "rank"], unique=False)
        batch_op.create_index(batch_op.f("ix_clause_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index("ix_clause_rank", ["version_id", "rank"], unique=False)

    op.create_table(
        "theme",
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_theme_has_name")),
        sa.UniqueConstraint("consultation_id", "number", name=op.f("uq_theme_consultation_id_number")),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_theme_consultation_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_theme_round_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_theme_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme")),
    )
    with op.batch_alter_table("theme", schema=None) as batch_op:
        batch_op.create_index("ix_theme_round", ["round_id", "number"], unique=False)
        batch_op.create_index(batch_op.f("ix_theme_made_by_id"), ["made_by_id"], unique=False)

    op.create_table(
        "disposition",
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("clause_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("observation", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("change_class", sa.Text(), nullable=False),
        sa.Column("change_note", sa.Text(), nullable=False),
        sa.Column("duplicate_of_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("source_note", sa.Text(), nullable=False),
        sa.Column("theme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "change_class IN ('none', 'editorial', 'clarification', 'technical', 'new_requirement')",
            name=op.f("ck_disposition_change_class_known"),
        ),
        sa.CheckConstraint(
            "code <> 'duplicate' OR duplicate_of_id IS NOT NULL", name=op.f("ck_disposition_duplicate_names_target")
        ),
        sa.CheckConstraint(
            "code IN ('accepted', 'withdrawn', 'unresolved') OR observation <> ''",
            name=op.f("ck_disposition_has_reason"),
        ),
        sa.CheckConstraint(
            "code IN ('unresolved', 'accepted', 'accepted_modified', 'rejected', 'noted', 'deferred', 'duplicate', 'out_of_scope', 'withdrawn')",
            name=op.f("ck_disposition_code_known"),
        ),
        sa.ForeignKeyConstraint(["clause_id"], ["clause.id"], name=op.f("fk_disposition_clause_id")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_disposition_comment_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_disposition_decided_by_id")),
        sa.ForeignKeyConstraint(["duplicate_of_id"], ["comment.id"], name=op.f("fk_disposition_duplicate_of_id")),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_disposition_theme_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disposition")),
    )
    with op.batch_alter_table("disposition", schema=None) as batch_op:
        batch_op.create_index("ix_disposition_comment", ["comment_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_disposition_clause_id"), ["clause_id"], unique=False)
        batch_op.create_index(
            "ix_disposition_changing",
            ["comment_id", "id"],
            unique=False,
            sqlite_where=sa.text("change_class <> 'none'"),
            postgresql_where=sa.text("change_class <> 'none'"),
        )
        batch_op.create_index("ix_disposition_decider", ["decided_by_id", "decided_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_disposition_duplicate_of_id"), ["duplicate_of_id"], unique=False)
        batch_op.create_index("ix_disposition_theme", ["theme_id", "decided_at"], unique=False)

    op.create_table(
        "implementation",
        sa.Column("disposition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("clause_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("applied_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("noted_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("state IN ('to_do', 'applied', 'verified')", name=op.f("ck_implementation_state_known")),
        sa.CheckConstraint("(state = 'to_do') = (version_id IS NULL)", name=op.f("ck_implementation_names_version")),
        sa.CheckConstraint(
            "state <> 'to_do' OR (note <> '' AND clause_id IS NULL)", name=op.f("ck_implementation_again_for_a_reason")
        ),
        sa.CheckConstraint(
            "(state = 'verified') = (applied_by_id IS NOT NULL) AND (state <> 'verified' OR applied_by_id <> by_id)",
            name=op.f("ck_implementation_verified_by_somebody_else"),
        ),
        sa.ForeignKeyConstraint(["disposition_id"], ["disposition.id"], name=op.f("fk_implementation_disposition_id")),
        sa.ForeignKeyConstraint(["version_id"], ["draft_version.id"], name=op.f("fk_implementation_version_id")),
        sa.ForeignKeyConstraint(["clause_id"], ["clause.id"], name=op.f("fk_implementation_clause_id")),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_implementation_by_id")),
        sa.ForeignKeyConstraint(["applied_by_id"], ["person.id"], name=op.f("fk_implementation_applied_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_implementation")),
    )
    with op.batch_alter_table("implementation", schema=None) as batch_op:
        batch_op.create_index("ix_implementation_disposition", ["disposition_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_implementation_version_id"), ["version_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_implementation_clause_id"), ["clause_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_implementation_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_implementation_applied_by_id"), ["applied_by_id"], unique=False)

    op.create_table(
        "theme_comment",
        sa.Column("theme_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.UniqueConstraint("comment_id", name=op.f("uq_theme_comment_comment_id")),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name=op.f("fk_theme_comment_theme_id")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_theme_comment_comment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_theme_comment")),
    )
    with op.batch_alter_table("theme_comment", schema=None) as batch_op:
        batch_op.create_index("ix_theme_comment_theme", ["theme_id", "comment_id"], unique=False)

    op.create_table(
        "answer_template",
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("edited_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("edited_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("name <> '' AND text <> ''", name=op.f("ck_answer_template_says_something")),
        sa.CheckConstraint(
            "code IN ('', 'accepted', 'accepted_modified', 'rejected', 'noted', 'deferred', 'duplicate', 'out_of_scope')",
            name=op.f("ck_answer_template_code_known"),
        ),
        sa.UniqueConstraint("consultation_id", "name", name=op.f("uq_answer_template_consultation_id_name")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_answer_template_consultation_id")
        ),
        sa.ForeignKeyConstraint(["edited_by_id"], ["person.id"], name=op.f("fk_answer_template_edited_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_template")),
    )
    with op.batch_alter_table("answer_template", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answer_template_edited_by_id"), ["edited_by_id"], unique=False)

    op.create_table(
        "saved_view",
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("query", sa.Text(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_saved_view_has_name")),
        sa.UniqueConstraint(
            "consultation_id", "person_id", "name", name=op.f("uq_saved_view_consultation_id_person_id_name")
        ),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_saved_view_consultation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_saved_view_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_view")),
    )
    with op.batch_alter_table("saved_view", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_saved_view_person_id"), ["person_id"], unique=False)

    op.create_table(
        "assignment",
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("due_at", sa.DateTime(), nullable=True),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("taken_back_at", sa.DateTime(), nullable=True),
        sa.Column("reminded_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("person_id IS NOT NULL OR due_at IS NULL", name=op.f("ck_assignment_nobody_has_no_day")),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_assignment_consultation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_assignment_person_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["person.id"], name=op.f("fk_assignment_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment")),
    )
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignment_consultation_id"), ["consultation_id"], unique=False)
        batch_op.create_index("ix_assignment_due", ["reminded_at", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignment_made_by_id"), ["made_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignment_person_id"), ["person_id"], unique=False)

    op.create_table(
        "assigned_comment",
        sa.Column("assignment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.UniqueConstraint("assignment_id", "comment_id", name=op.f("uq_assigned_comment_assignment_id_comment_id")),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignment.id"], name=op.f("fk_assigned_comment_assignment_id")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_assigned_comment_comment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assigned_comment")),
    )
    with op.batch_alter_table("assigned_comment", schema=None) as batch_op:
        batch_op.create_index(
            "ix_assigned_comment_current",
            ["comment_id"],
            unique=True,
            sqlite_where=sa.text("is_current"),
            postgresql_where=sa.text("is_current"),
        )
        batch_op.create_index("ix_assigned_comment_history", ["comment_id", "assignment_id"], unique=False)

    op.create_table(
        "acknowledgement",
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("disposition_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("said_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("said IN ('satisfied', 'not_satisfied')", name=op.f("ck_acknowledgement_said_known")),
        sa.CheckConstraint("said = 'satisfied' OR reason <> ''", name=op.f("ck_acknowledgement_has_reason")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_acknowledgement_comment_id")),
        sa.ForeignKeyConstraint(["disposition_id"], ["disposition.id"], name=op.f("fk_acknowledgement_disposition_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_acknowledgement_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_acknowledgement")),
    )
    with op.batch_alter_table("acknowledgement", schema=None) as batch_op:
        batch_op.create_index(
            "ix_acknowledgement_against",
            ["comment_id", "id"],
            unique=False,
            sqlite_where=sa.text("said = 'not_satisfied'"),
            postgresql_where=sa.text("said = 'not_satisfied'"),
        )
        batch_op.create_index("ix_acknowledgement_comment", ["comment_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_acknowledgement_disposition_id"), ["disposition_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_acknowledgement_person_id"), ["person_id"], unique=False)

    op.create_table(
        "removal",
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reply_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("passage", sa.Text(), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("is_name", sa.Boolean(), nullable=False),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.Column("taken", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("put_back_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("(comment_id IS NULL) <> (reply_id IS NULL)", name=op.f("ck_removal_of_one_thing")),
        sa.CheckConstraint("passage <> '' AND notice <> ''", name=op.f("ck_removal_says_what_and_why")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_removal_comment_id")),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_removal_reply_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_removal")),
    )
    with op.batch_alter_table("removal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_removal_comment_id"), ["comment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_removal_reply_id"), ["reply_id"], unique=False)

    op.create_table(
        "summary_writer",
        sa.Column("summary_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_summary_writer_person_id")),
        sa.ForeignKeyConstraint(["summary_id"], ["outcome_summary.id"], name=op.f("fk_summary_writer_summary_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summary_writer")),
        sa.UniqueConstraint("summary_id", "person_id", name=op.f("uq_summary_writer_summary_id_person_id")),
    )
    with op.batch_alter_table("summary_writer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_summary_writer_person_id"), ["person_id"], unique=False)

    op.create_table(
        "approval",
        sa.Column("summary_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("edit_number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("approved_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_approval_person_id")),
        sa.ForeignKeyConstraint(["summary_id"], ["outcome_summary.id"], name=op.f("fk_approval_summary_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
        sa.UniqueConstraint("summary_id", "edit_number", name=op.f("uq_approval_summary_id_edit_number")),
    )
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approval_person_id"), ["person_id"], unique=False)

    op.create_table(
        "omission",
        sa.Column("summary_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("clause_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_omission_has_reason")),
        sa.ForeignKeyConstraint(["clause_id"], ["clause.id"], name=op.f("fk_omission_clause_id")),
        sa.ForeignKeyConstraint(["position_id"], ["position.id"], name=op.f("fk_omission_position_id")),
        sa.ForeignKeyConstraint(["summary_id"], ["outcome_summary.id"], name=op.f("fk_omission_summary_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_omission")),
    )
    with op.batch_alter_table("omission", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_omission_clause_id"), ["clause_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_omission_position_id"), ["position_id"], unique=False)
        batch_op.create_index("ix_omission_summary", ["summary_id", "id"], unique=False)

    op.create_table(
        "objection",
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_name", sa.Text(), nullable=False),
        sa.Column("named", sa.Text(), nullable=False),
        sa.Column("named_at", sa.DateTime(), nullable=True),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(), nullable=True),
        sa.Column("hidden_at", sa.DateTime(), nullable=True),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answer_html", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("(decision = '') = (answered_at IS NULL)", name=op.f("ck_objection_answered_at_some_time")),
        sa.CheckConstraint(
            "category IN ('government', 'nonprofit', 'civil_society', 'industry', 'academia', 'individual', 'other')",
            name=op.f("ck_objection_category_known"),
        ),
        sa.CheckConstraint("named IN ('name', 'category', 'nobody')", name=op.f("ck_objection_named_known")),
        sa.CheckConstraint("decision = '' OR answer <> ''", name=op.f("ck_objection_answer_has_reason")),
        sa.CheckConstraint(
            "decision IN ('', 'followed', 'partly', 'not_followed')", name=op.f("ck_objection_decision_known")
        ),
        sa.CheckConstraint("withdrawn_at IS NULL OR decision = ''", name=op.f("ck_objection_withdrawn_or_answered")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_objection_answered_by_id")),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_objection_consultation_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_objection_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_objection_person_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_objection_round_id")),
        sa.ForeignKeyConstraint(["statement_id"], ["statement.id"], name=op.f("fk_objection_statement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_objection_round_id_number")),
    )
    with op.batch_alter_table("objection", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_objection_answered_by_id"), ["answered_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_objection_consultation_id"), ["consultation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_objection_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_objection_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_objection_statement", ["statement_id", "id"], unique=False)

    op.create_table(
        "objection_report",
        sa.Column("objection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("reported_at", sa.DateTime(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "rule IN ('personal', 'hate', 'illegal', 'spam', 'off_topic', 'false_identity', 'confidential')",
            name=op.f("ck_objection_report_rule_known"),
        ),
        sa.ForeignKeyConstraint(["objection_id"], ["objection.id"], name=op.f("fk_objection_report_objection_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection_report")),
    )
    with op.batch_alter_table("objection_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_objection_report_objection_id"), ["objection_id"], unique=False)
        batch_op.create_index(
            "uq_objection_report_open",
            ["objection_id", "reader"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "objection_act",
        sa.Column("objection_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("passage", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("moderator_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("appeal_until", sa.DateTime(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("verb IN ('hide', 'keep', 'restore')", name=op.f("ck_objection_act_verb_known")),
        sa.CheckConstraint("reason <> '' AND facts <> ''", name=op.f("ck_objection_act_has_reason_and_facts")),
        sa.CheckConstraint(
            "verb <> 'hide' OR (rule <> '' AND passage <> '')", name=op.f("ck_objection_act_states_rule_and_passage")
        ),
        sa.CheckConstraint(
            "(verb = 'hide') = (appeal_until IS NOT NULL)", name=op.f("ck_objection_act_can_be_appealed")
        ),
        sa.CheckConstraint("(rule = '') = (ground = '')", name=op.f("ck_objection_act_rule_has_ground")),
        sa.CheckConstraint("role IN ('moderator', 'appeals_panel')", name=op.f("ck_objection_act_role_known")),
        sa.ForeignKeyConstraint(["objection_id"], ["objection.id"], name=op.f("fk_objection_act_objection_id")),
        sa.ForeignKeyConstraint(["moderator_id"], ["person.id"], name=op.f("fk_objection_act_moderator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection_act")),
    )
    with op.batch_alter_table("objection_act", schema=None) as batch_op:
        batch_op.create_index("ix_objection_act_objection", ["objection_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_objection_act_moderator_id"), ["moderator_id"], unique=False)

    op.create_table(
        "objection_appeal",
        sa.Column("act_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("outcome IN ('', 'upheld', 'restored')", name=op.f("ck_objection_appeal_outcome_known")),
        sa.CheckConstraint("role IN ('', 'moderator', 'appeals_panel')", name=op.f("ck_objection_appeal_role_known")),
        sa.CheckConstraint(
            "outcome = '' OR (role <> '' AND reason <> '')",
            name=op.f("ck_objection_appeal_answer_has_role_and_reason"),
        ),
        sa.CheckConstraint("made_at <= until", name=op.f("ck_objection_appeal_made_in_time")),
        sa.ForeignKeyConstraint(["act_id"], ["objection_act.id"], name=op.f("fk_objection_appeal_act_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_objection_appeal_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection_appeal")),
        sa.UniqueConstraint("act_id", name=op.f("uq_objection_appeal_act_id")),
    )
    with op.batch_alter_table("objection_appeal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_objection_appeal_decided_by_id"), ["decided_by_id"], unique=False)

    op.create_table(
        "immateriality",
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("last_answer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("said_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_immateriality_has_reason")),
        sa.ForeignKeyConstraint(["last_answer_id"], ["disposition.id"], name=op.f("fk_immateriality_last_answer_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_immateriality_person_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_immateriality_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_immateriality")),
    )
    with op.batch_alter_table("immateriality", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_immateriality_last_answer_id"), ["last_answer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_immateriality_person_id"), ["person_id"], unique=False)
        batch_op.create_index("ix_immateriality_round", ["round_id", "id"], unique=False)

    op.create_table(
        "moderation_act",
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reply_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("ground", sa.Text(), nullable=False),
        sa.Column("passage", sa.Text(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("is_automated", sa.Boolean(), nullable=False),
        sa.Column("moderator_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=True),
        sa.Column("appeal_until", sa.DateTime(), nullable=True),
        sa.Column("removal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("undoes_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("corrected_at", sa.DateTime(), nullable=True),
        sa.Column("is_waiting", sa.Boolean(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_moderation_act_has_reason")),
        sa.CheckConstraint("facts <> ''", name=op.f("ck_moderation_act_has_facts")),
        sa.CheckConstraint("(rule = '') = (ground = '')", name=op.f("ck_moderation_act_rule_has_ground")),
        sa.CheckConstraint("role IN ('moderator', 'appeals_panel')", name=op.f("ck_moderation_act_role_known")),
        sa.CheckConstraint("NOT is_automated", name=op.f("ck_moderation_act_made_by_a_person")),
        sa.CheckConstraint(
            "verb NOT IN ('hide', 'redact', 'ask', 'suspend', 'withhold') OR (rule <> '' AND passage <> '')",
            name=op.f("ck_moderation_act_states_rule_and_passage"),
        ),
        sa.CheckConstraint(
            "(verb IN ('ask', 'suspend')) = (until IS NOT NULL)", name=op.f("ck_moderation_act_has_an_end")
        ),
        sa.CheckConstraint(
            "(verb IN ('hide', 'redact', 'suspend', 'withhold')) = (appeal_until IS NOT NULL)",
            name=op.f("ck_moderation_act_can_be_appealed"),
        ),
        sa.CheckConstraint(
            "verb NOT IN ('put_back', 'lift', 'name') OR undoes_id IS NOT NULL",
            name=op.f("ck_moderation_act_undoes_something"),
        ),
        sa.CheckConstraint(
            "(verb IN ('redact', 'withhold')) = (removal_id IS NOT NULL)",
            name=op.f("ck_moderation_act_takes_something_out"),
        ),
        sa.CheckConstraint(
            "verb = 'ask' OR (NOT is_waiting AND corrected_at IS NULL)",
            name=op.f("ck_moderation_act_only_asking_waits"),
        ),
        sa.CheckConstraint(
            "verb IN ('hide', 'redact', 'ask', 'suspend', 'withhold', 'restore', 'put_back', 'lift', 'name', 'keep', 'keep_hidden', 'release')",
            name=op.f("ck_moderation_act_verb_known"),
        ),
        sa.CheckConstraint("(comment_id IS NULL) <> (reply_id IS NULL)", name=op.f("ck_moderation_act_of_one_thing")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_moderation_act_comment_id")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_moderation_act_consultation_id")
        ),
        sa.ForeignKeyConstraint(["moderator_id"], ["person.id"], name=op.f("fk_moderation_act_moderator_id")),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_moderation_act_reply_id")),
        sa.ForeignKeyConstraint(["removal_id"], ["removal.id"], name=op.f("fk_moderation_act_removal_id")),
        sa.ForeignKeyConstraint(["undoes_id"], ["moderation_act.id"], name=op.f("fk_moderation_act_undoes_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_act")),
        sa.UniqueConstraint("removal_id", name=op.f("uq_moderation_act_removal_id")),
        sa.UniqueConstraint("undoes_id", name=op.f("uq_moderation_act_undoes_id")),
    )
    with op.batch_alter_table("moderation_act", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_moderation_act_comment_id"), ["comment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_moderation_act_moderator_id"), ["moderator_id"], unique=False)
        batch_op.create_index("ix_moderation_act_newest", ["consultation_id", "id"], unique=False)
        batch_op.create_index(
            "ix_moderation_act_waiting",
            ["consultation_id", "id"],
            unique=False,
            sqlite_where=sa.text("is_waiting"),
            postgresql_where=sa.text("is_waiting"),
        )
        batch_op.create_index(batch_op.f("ix_moderation_act_reply_id"), ["reply_id"], unique=False)

    op.create_table(
        "reply_position",
        sa.Column("reply_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["position_id"], ["position.id"], name=op.f("fk_reply_position_position_id")),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_reply_position_reply_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reply_position")),
        sa.UniqueConstraint("reply_id", "position_id", name=op.f("uq_reply_position_reply_id_position_id")),
    )
    with op.batch_alter_table("reply_position", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reply_position_position_id"), ["position_id"], unique=False)

    op.create_table(
        "revision",
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reply_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("(comment_id IS NULL) <> (reply_id IS NULL)", name=op.f("ck_revision_of_one_thing")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_revision_comment_id")),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_revision_reply_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revision")),
    )
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revision_comment_id"), ["comment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_revision_reply_id"), ["reply_id"], unique=False)

    op.create_table(
        "anchor",
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("clause_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("prefix", sa.Text(), nullable=False),
        sa.Column("suffix", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=True),
        sa.Column("end", sa.Integer(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("(clause_id IS NULL) = (status = 'global')", name=op.f("ck_anchor_global_has_no_clause")),
        sa.CheckConstraint("status IN ('exact', 'global')", name=op.f("ck_anchor_status_known")),
        sa.ForeignKeyConstraint(["clause_id"], ["clause.id"], name=op.f("fk_anchor_clause_id")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_anchor_comment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_anchor")),
    )
    with op.batch_alter_table("anchor", schema=None) as batch_op:
        batch_op.create_index("ix_anchor_clause", ["clause_id", "comment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_anchor_comment_id"), ["comment_id"], unique=False)

    op.create_table(
        "appeal",
        sa.Column("act_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("made_at <= until", name=op.f("ck_appeal_made_in_time")),
        sa.CheckConstraint("outcome IN ('', 'upheld', 'restored')", name=op.f("ck_appeal_outcome_known")),
        sa.CheckConstraint("role IN ('', 'moderator', 'appeals_panel')", name=op.f("ck_appeal_role_known")),
        sa.CheckConstraint(
            "outcome = '' OR (role <> '' AND reason <> '')", name=op.f("ck_appeal_answer_has_role_and_reason")
        ),
        sa.ForeignKeyConstraint(["act_id"], ["moderation_act.id"], name=op.f("fk_appeal_act_id")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_appeal_author_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_appeal_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("act_id", name=op.f("uq_appeal_act_id")),
    )
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_appeal_author_id"), ["author_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_appeal_decided_by_id"), ["decided_by_id"], unique=False)

    op.create_table(
        "correction",
        sa.Column("act_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("answer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("(outcome = '') = (answer_id IS NULL)", name=op.f("ck_correction_answered_by_an_act")),
        sa.CheckConstraint("body <> ''", name=op.f("ck_correction_has_words")),
        sa.CheckConstraint(
            "outcome IN ('', 'accepted', 'refused', 'overtaken')", name=op.f("ck_correction_outcome_known")
        ),
        sa.ForeignKeyConstraint(["act_id"], ["moderation_act.id"], name=op.f("fk_correction_act_id")),
        sa.ForeignKeyConstraint(["answer_id"], ["moderation_act.id"], name=op.f("fk_correction_answer_id")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_correction_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_correction")),
    )
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_correction_act_id"), ["act_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_correction_answer_id"), ["answer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_correction_author_id"), ["author_id"], unique=False)
        batch_op.create_index(
            "uq_correction_open", ["act_id"], unique=True, sqlite_where=sa.text("outcome = ''"),
            postgresql_where=sa.text("outcome = ''"),
        )  # fmt: skip

    op.create_table(
        "intake_entry",
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("organisation", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("named", sa.Text(), nullable=False),
        sa.Column("are_scans_public", sa.Boolean(), nullable=False),
        sa.Column("positions", sa.Text(), nullable=False),
        sa.Column("stance", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("clauses", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Text(), nullable=False),
        sa.Column("headers", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("corrections", sa.Text(), nullable=False),
        sa.Column("edit_number", sa.Integer(), nullable=False),
        sa.Column("entered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("entered_at", sa.DateTime(), nullable=False),
        sa.Column("checked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("checked_at", sa.DateTime(), nullable=True),
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("code_count", sa.Integer(), nullable=False),
        sa.Column("claimed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("claimed_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "category IN ('government', 'nonprofit', 'civil_society', 'industry', 'academia', 'individual', 'other')",
            name=op.f("ck_intake_entry_category_known"),
        ),
        sa.CheckConstraint("checked_by_id <> entered_by_id", name=op.f("ck_intake_entry_checked_by_another")),
        sa.CheckConstraint(
            "claimed_at IS NULL OR comment_id IS NOT NULL", name=op.f("ck_intake_entry_claimed_as_a_comment")
        ),
        sa.CheckConstraint(
            "(claimed_by_id IS NULL) = (claimed_at IS NULL)", name=op.f("ck_intake_entry_claimed_at_some_time")
        ),
        sa.CheckConstraint(
            "(state = 'posted') = (comment_id IS NOT NULL)", name=op.f("ck_intake_entry_posted_as_a_comment")
        ),
        sa.CheckConstraint(
            "(state = 'posted') = (checked_at IS NOT NULL)", name=op.f("ck_intake_entry_posted_when_checked")
        ),
        sa.CheckConstraint("state <> 'set_aside' OR reason <> ''", name=op.f("ck_intake_entry_set_aside_for_a_reason")),
        sa.CheckConstraint("source IN ('email', 'paper', 'meeting')", name=op.f("ck_intake_entry_source_known")),
        sa.CheckConstraint(
            "stance IN ('support', 'support_with_changes', 'object', 'neutral', 'question', '')",
            name=op.f("ck_intake_entry_stance_known"),
        ),
        sa.CheckConstraint(
            "state IN ('begun', 'entered', 'posted', 'set_aside')", name=op.f("ck_intake_entry_state_known")
        ),
        sa.CheckConstraint("type IN ('general', 'technical', 'editorial')", name=op.f("ck_intake_entry_type_known")),
        sa.CheckConstraint("named IN ('name', 'category', 'nobody')", name=op.f("ck_intake_entry_named_known")),
        sa.ForeignKeyConstraint(["checked_by_id"], ["person.id"], name=op.f("fk_intake_entry_checked_by_id")),
        sa.ForeignKeyConstraint(["claimed_by_id"], ["person.id"], name=op.f("fk_intake_entry_claimed_by_id")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_intake_entry_comment_id")),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_intake_entry_consultation_id")),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name=op.f("fk_intake_entry_entered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_entry")),
        sa.UniqueConstraint("comment_id", name=op.f("uq_intake_entry_comment_id")),
        sa.UniqueConstraint("consultation_id", "number", name=op.f("uq_intake_entry_consultation_id_number")),
    )
    with op.batch_alter_table("intake_entry", schema=None) as batch_op:
        batch_op.create_index("ix_intake_entry_state", ["consultation_id", "state", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_intake_entry_checked_by_id"), ["checked_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_intake_entry_claimed_by_id"), ["claimed_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_intake_entry_entered_by_id"), ["entered_by_id"], unique=False)
        batch_op.create_index(
            "uq_intake_entry_message",
            ["consultation_id", "message_id"],
            unique=True,
            sqlite_where=sa.text("message_id <> ''"),
            postgresql_where=sa.text("message_id <> ''"),
        )

    op.create_table(
        "intake_file",
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["intake_entry.id"], name=op.f("fk_intake_file_entry_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_intake_file_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_intake_file")),
        sa.UniqueConstraint("file_id", name=op.f("uq_intake_file_file_id")),
    )
    with op.batch_alter_table("intake_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_intake_file_entry_id"), ["entry_id"], unique=False)

    op.create_table(
        "clause_tally",
        sa.Column("clause_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["clause_id"], ["clause.id"], name=op.f("fk_clause_tally_clause_id")),
        sa.ForeignKeyConstraint(["position_id"], ["position.id"], name=op.f("fk_clause_tally_position_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clause_tally")),
        sa.UniqueConstraint("clause_id", "position_id", name=op.f("uq_clause_tally_clause_id_position_id")),
    )
    with op.batch_alter_table("clause_tally", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clause_tally_position_id"), ["position_id"], unique=False)

    op.create_table(
        "carried_anchor",
        sa.Column("anchor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("clause_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=True),
        sa.Column("end", sa.Integer(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("checked_as", sa.Text(), nullable=False),
        sa.Column("checked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("checked_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "(checked_as = '') = (checked_at IS NULL)", name=op.f("ck_carried_anchor_checked_at_some_time")
        ),
        sa.CheckConstraint(
            "(clause_id IS NULL) = (status = 'orphan')", name=op.f("ck_carried_anchor_orphan_has_no_clause")
        ),
        sa.CheckConstraint(
            "checked_as IN ('', 'still_applies', 'solved', 'withdrawn')",
            name=op.f("ck_carried_anchor_checked_as_known"),
        ),
        sa.CheckConstraint(
            "status IN ('exact', 'shifted', 'moved', 'review', 'orphan')", name=op.f("ck_carried_anchor_status_known")
        ),
        sa.ForeignKeyConstraint(["anchor_id"], ["anchor.id"], name=op.f("fk_carried_anchor_anchor_id")),
        sa.ForeignKeyConstraint(["checked_by_id"], ["person.id"], name=op.f("fk_carried_anchor_checked_by_id")),
        sa.ForeignKeyConstraint(["clause_id"], ["clause.id"], name=op.f("fk_carried_anchor_clause_id")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_carried_anchor_comment_id")),
        sa.ForeignKeyConstraint(["version_id"], ["draft_version.id"], name=op.f("fk_carried_anchor_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carried_anchor")),
        sa.UniqueConstraint("anchor_id", "version_id", name=op.f("uq_carried_anchor_anchor_id_version_id")),
    )
    with op.batch_alter_table("carried_anchor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_carried_anchor_checked_by_id"), ["checked_by_id"], unique=False)
        batch_op.create_index("ix_carried_anchor_clause", ["clause_id", "anchor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_carried_anchor_comment_id"), ["comment_id"], unique=False)
        batch_op.create_index("ix_carried_anchor_version", ["version_id", "status", "id"], unique=False)

    op.create_table(
        "clause_pair",
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("old_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("new_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("similarity", sa.Integer(), nullable=False),
        sa.Column("decided", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("decided IN ('', 'same', 'different')", name=op.f("ck_clause_pair_decided_known")),
        sa.CheckConstraint(
            "kind IN ('pair', 'split', 'merged', 'sure', 'hand')", name=op.f("ck_clause_pair_kind_known")
        ),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_clause_pair_decided_by_id")),
        sa.ForeignKeyConstraint(["new_id"], ["clause.id"], name=op.f("fk_clause_pair_new_id")),
        sa.ForeignKeyConstraint(["old_id"], ["clause.id"], name=op.f("fk_clause_pair_old_id")),
        sa.ForeignKeyConstraint(["version_id"], ["draft_version.id"], name=op.f("fk_clause_pair_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clause_pair")),
        sa.UniqueConstraint("old_id", "new_id", name=op.f("uq_clause_pair_old_id_new_id")),
    )
    with op.batch_alter_table("clause_pair", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clause_pair_decided_by_id"), ["decided_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_clause_pair_new_id"), ["new_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_clause_pair_version_id"), ["version_id"], unique=False)

    op.create_table(
        "passage_tally",
        sa.Column("clause_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("position_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["clause_id"], ["clause.id"], name=op.f("fk_passage_tally_clause_id")),
        sa.ForeignKeyConstraint(["position_id"], ["position.id"], name=op.f("fk_passage_tally_position_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passage_tally")),
        sa.UniqueConstraint(
            "clause_id", "start", "end", "position_id", name=op.f("uq_passage_tally_clause_id_start_end_position_id")
        ),
    )
    with op.batch_alter_table("passage_tally", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passage_tally_position_id"), ["position_id"], unique=False)

    op.create_table(
        "proposed_change",
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("clause_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("old_text", sa.Text(), nullable=False),
        sa.Column("new_text", sa.Text(), nullable=False),
        sa.Column("redline", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["clause_id"], ["clause.id"], name=op.f("fk_proposed_change_clause_id")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_proposed_change_comment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposed_change")),
    )
    with op.batch_alter_table("proposed_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_proposed_change_clause_id"), ["clause_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_proposed_change_comment_id"), ["comment_id"], unique=False)

    op.create_table(
        "report",
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reply_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("reporter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("is_disowned", sa.Boolean(), nullable=False),
        sa.Column("claimant", sa.Text(), nullable=False),
        sa.Column("claimant_email", sa.Text(), nullable=False),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("reported_at", sa.DateTime(), nullable=False),
        sa.Column("closed_at", sa.DateTime(), nullable=True),
        sa.Column("closed_by_act_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "rule IN ('personal', 'hate', 'illegal', 'spam', 'off_topic', 'false_identity', 'confidential')",
            name=op.f("ck_report_rule_known"),
        ),
        sa.CheckConstraint(
            "NOT is_disowned OR (comment_id IS NOT NULL AND claimant <> '' AND claimant_email <> '')",
            name=op.f("ck_report_disowned_by_somebody"),
        ),
        sa.CheckConstraint("(comment_id IS NULL) <> (reply_id IS NULL)", name=op.f("ck_report_of_one_thing")),
        sa.ForeignKeyConstraint(["closed_by_act_id"], ["moderation_act.id"], name=op.f("fk_report_closed_by_act_id")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_report_comment_id")),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_report_consultation_id")),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_report_reply_id")),
        sa.ForeignKeyConstraint(["reporter_id"], ["person.id"], name=op.f("fk_report_reporter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_closed_by_act_id"), ["closed_by_act_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_comment_id"), ["comment_id"], unique=False)
        batch_op.create_index("ix_report_open", ["consultation_id", "closed_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_reply_id"), ["reply_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_reporter_id"), ["reporter_id"], unique=False)
        batch_op.create_index(
            "uq_report_open_comment",
            ["comment_id", "reader"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )
        batch_op.create_index(
            "uq_report_open_reply",
            ["reply_id", "reader"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "campaign",
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("template_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("organiser", sa.Text(), nullable=False),
        sa.Column("found_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("state <> 'confirmed' OR name <> ''", name=op.f("ck_campaign_confirmed_has_name")),
        sa.CheckConstraint("state IN ('proposed', 'confirmed', 'dismissed')", name=op.f("ck_campaign_state_known")),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_campaign_consultation_id")),
        sa.ForeignKeyConstraint(["template_id"], ["comment.id"], name=op.f("fk_campaign_template_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("consultation_id", "number", name=op.f("uq_campaign_consultation_id_number")),
    )
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_template_id"), ["template_id"], unique=False)

    op.create_table(
        "claim",
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reply_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("until", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "(CASE WHEN comment_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN reply_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN campaign_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_claim_on_one_thing"),
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_claim_campaign_id")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_claim_comment_id")),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_claim_consultation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_claim_person_id")),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_claim_reply_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_claim")),
        sa.UniqueConstraint("campaign_id", name=op.f("uq_claim_campaign_id")),
        sa.UniqueConstraint("comment_id", name=op.f("uq_claim_comment_id")),
        sa.UniqueConstraint("reply_id", name=op.f("uq_claim_reply_id")),
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_claim_consultation_id"), ["consultation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_claim_person_id"), ["person_id"], unique=False)

    op.create_table(
        "campaign_member",
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("standing", sa.Text(), nullable=False),
        sa.Column("is_same", sa.Boolean(), nullable=False),
        sa.Column("found_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "standing IN ('proposed', 'counted', 'left_out')", name=op.f("ck_campaign_member_standing_known")
        ),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_member_campaign_id")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_campaign_member_comment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_member")),
        sa.UniqueConstraint("comment_id", name=op.f("uq_campaign_member_comment_id")),
    )
    with op.batch_alter_table("campaign_member", schema=None) as batch_op:
        batch_op.create_index("ix_campaign_member_standing", ["campaign_id", "standing", "comment_id"], unique=False)

    op.create_table(
        "campaign_act",
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("campaign_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("moderator_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_campaign_act_has_reason")),
        sa.CheckConstraint("verb IN ('confirm', 'dismiss', 'reopen')", name=op.f("ck_campaign_act_verb_known")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_act_campaign_id")),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_campaign_act_consultation_id")),
        sa.ForeignKeyConstraint(["moderator_id"], ["person.id"], name=op.f("fk_campaign_act_moderator_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_act")),
    )
    with op.batch_alter_table("campaign_act", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_campaign_act_campaign_id"), ["campaign_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_campaign_act_moderator_id"), ["moderator_id"], unique=False)
        batch_op.create_index("ix_campaign_act_newest", ["consultation_id", "id"], unique=False)

    op.create_table(
        "campaign_search",
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
        sa.Column("beside", sa.Text(), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_campaign_search_consultation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_search")),
    )
    with op.batch_alter_table("campaign_search", schema=None) as batch_op:
        batch_op.create_index("ix_campaign_search_newest", ["consultation_id", "id"], unique=False)
        batch_op.create_index(
            "uq_campaign_search_open",
            ["consultation_id"],
            unique=True,
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        )

    op.create_table(
        "search_row",
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("standard_version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("clause_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reply_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("learning_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("stemmer", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("quote", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "(kind = 'standard') = (standard_version_id IS NOT NULL) AND (kind = 'clause') = (clause_id IS NOT NULL) AND (kind IN ('comment', 'reply', 'answer')) = (comment_id IS NOT NULL) AND (kind = 'reply') = (reply_id IS NOT NULL) AND (kind IN ('term', 'question', 'guide')) = (learning_id IS NOT NULL)",
            name=op.f("ck_search_row_of_one_thing"),
        ),
        sa.CheckConstraint(
            "kind IN ('standard', 'clause', 'term', 'question', 'guide', 'comment', 'reply', 'answer')",
            name=op.f("ck_search_row_kind_known"),
        ),
        sa.ForeignKeyConstraint(["clause_id"], ["clause.id"], name=op.f("fk_search_row_clause_id")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_search_row_comment_id")),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_search_row_consultation_id")),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_search_row_reply_id")),
        sa.ForeignKeyConstraint(
            ["standard_version_id"], ["standard_version.id"], name=op.f("fk_search_row_standard_version_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_row")),
        sa.UniqueConstraint("clause_id", name=op.f("uq_search_row_clause_id")),
        sa.UniqueConstraint("learning_id", "kind", name=op.f("uq_search_row_learning_id_kind")),
        sa.UniqueConstraint("reply_id", name=op.f("uq_search_row_reply_id")),
        sa.UniqueConstraint("standard_version_id", name=op.f("uq_search_row_standard_version_id")),
    )
    with op.batch_alter_table("search_row", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_search_row_comment_id"), ["comment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_search_row_consultation_id"), ["consultation_id"], unique=False)
        batch_op.create_index("ix_search_row_number", ["number", "consultation_id"], unique=False)
        batch_op.create_index(
            "uq_search_row_comment",
            ["comment_id", "kind"],
            unique=True,
            sqlite_where=sa.text("reply_id IS NULL"),
            postgresql_where=sa.text("reply_id IS NULL"),
        )

    op.create_table(
        "cosignature",
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("named", sa.Text(), nullable=False),
        sa.Column("named_at", sa.DateTime(), nullable=True),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("edit_number", sa.Integer(), nullable=False),
        sa.Column("is_counted", sa.Boolean(), nullable=False),
        sa.Column("reply_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("signed_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "category IN ('government', 'nonprofit', 'civil_society', 'industry', 'academia', 'individual', 'other')",
            name=op.f("ck_cosignature_category_known"),
        ),
        sa.CheckConstraint("named IN ('name', 'category', 'nobody')", name=op.f("ck_cosignature_named_known")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_cosignature_comment_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_cosignature_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_cosignature_person_id")),
        sa.ForeignKeyConstraint(["reply_id"], ["reply.id"], name=op.f("fk_cosignature_reply_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cosignature")),
        sa.UniqueConstraint("comment_id", "organisation_id", name=op.f("uq_cosignature_comment_id_organisation_id")),
        sa.UniqueConstraint("comment_id", "person_id", name=op.f("uq_cosignature_comment_id_person_id")),
        sa.UniqueConstraint("reply_id", name=op.f("uq_cosignature_reply_id")),
    )
    with op.batch_alter_table("cosignature", schema=None) as batch_op:
        batch_op.create_index("ix_cosignature_newest", ["comment_id", "id"], unique=False)
        batch_op.create_index("ix_cosignature_person", ["person_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cosignature_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "cosignature_tally",
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "category IN ('government', 'nonprofit', 'civil_society', 'industry', 'academia', 'individual', 'other')",
            name=op.f("ck_cosignature_tally_category_known"),
        ),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_cosignature_tally_comment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cosignature_tally")),
        sa.UniqueConstraint("comment_id", "category", name=op.f("uq_cosignature_tally_comment_id_category")),
    )
    op.create_table(
        "round_tally",
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("stance", sa.Text(), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column("disposition", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "category IN ('government', 'nonprofit', 'civil_society', 'industry', 'academia', 'individual', 'other')",
            name=op.f("ck_round_tally_category_known"),
        ),
        sa.CheckConstraint(
            "stance IN ('support', 'support_with_changes', 'object', 'neutral', 'question', '')",
            name=op.f("ck_round_tally_stance_known"),
        ),
        sa.CheckConstraint("type IN ('general', 'technical', 'editorial')", name=op.f("ck_round_tally_type_known")),
        sa.CheckConstraint(
            "disposition IN ('unresolved', 'accepted', 'accepted_modified', 'rejected', 'noted', 'deferred', 'duplicate', 'out_of_scope', 'withdrawn')",
            name=op.f("ck_round_tally_disposition_known"),
        ),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_tally_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_tally")),
        sa.UniqueConstraint(
            "round_id",
            "category",
            "stance",
            "type",
            "disposition",
            name=op.f("uq_round_tally_round_id_category_stance_type_disposition"),
        ),
    )
    op.create_table(
        "argument_tally",
        sa.Column("position_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "category IN ('government', 'nonprofit', 'civil_society', 'industry', 'academia', 'individual', 'other')",
            name=op.f("ck_argument_tally_category_known"),
        ),
        sa.ForeignKeyConstraint(["position_id"], ["position.id"], name=op.f("fk_argument_tally_position_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_argument_tally")),
        sa.UniqueConstraint("position_id", "category", name=op.f("uq_argument_tally_position_id_category")),
    )
    op.create_table(
        "voice_tally",
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("is_organisation", sa.Boolean(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "category IN ('government', 'nonprofit', 'civil_society', 'industry', 'academia', 'individual', 'other')",
            name=op.f("ck_voice_tally_category_known"),
        ),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_voice_tally_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_voice_tally")),
        sa.UniqueConstraint(
            "consultation_id",
            "category",
            "is_organisation",
            name=op.f("uq_voice_tally_consultation_id_category_is_organisation"),
        ),
    )
    op.create_table(
        "body_tally",
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_body_tally_round_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_body_tally_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_body_tally")),
        sa.UniqueConstraint("round_id", "organisation_id", name=op.f("uq_body_tally_round_id_organisation_id")),
    )
    with op.batch_alter_table("body_tally", schema=None) as batch_op:
        batch_op.create_index("ix_body_tally_most", ["round_id", "count", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_body_tally_organisation_id"), ["organisation_id"], unique=False)

    op.create_table(
        "guide",
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("edit_number", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_guide_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide")),
        sa.UniqueConstraint("consultation_id", name=op.f("uq_guide_consultation_id")),
    )
    op.create_table(
        "guide_question",
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("seconds", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("edit_number", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_guide_question_consultation_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guide_question")),
    )
    with op.batch_alter_table("guide_question", schema=None) as batch_op:
        batch_op.create_index("ix_guide_question_rank", ["consultation_id", "rank"], unique=False)

    op.create_table(
        "term",
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("variants", sa.Text(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("lineage_id", sa.Text(), nullable=False),
        sa.Column("edit_number", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_term_consultation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term")),
        sa.UniqueConstraint("consultation_id", "key", name=op.f("uq_term_consultation_id_key")),
    )
    op.create_table(
        "resource",
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.Column("licence_words", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("added_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("added_by_name", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(), nullable=True),
        sa.Column("edit_number", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('document', 'data', 'model', 'code', 'link')", name=op.f("ck_resource_kind_known")
        ),
        sa.CheckConstraint(
            "state IN ('proposed', 'accepted', 'declined', 'withdrawn', 'removed')",
            name=op.f("ck_resource_state_known"),
        ),
        sa.CheckConstraint("(url = '') = (file_id IS NOT NULL)", name=op.f("ck_resource_an_address_or_a_file")),
        sa.ForeignKeyConstraint(["added_by_id"], ["person.id"], name=op.f("fk_resource_added_by_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_resource_file_id")),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_resource_consultation_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_resource_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource")),
    )
    with op.batch_alter_table("resource", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_resource_added_by_id"), ["added_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_resource_decided_by_id"), ["decided_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_resource_file_id"), ["file_id"], unique=False)
        batch_op.create_index("ix_resource_shelf", ["consultation_id", "state", "rank"], unique=False)
        batch_op.create_index(
            "uq_resource_address",
            ["consultation_id", "url"],
            unique=True,
            sqlite_where=sa.text("state = 'accepted' AND url <> ''"),
            postgresql_where=sa.text("state = 'accepted' AND url <> ''"),
        )

    op.create_table(
        "digest",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("rhythm", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(), nullable=False),
        sa.Column("sent_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("rhythm IN ('daily', 'weekly')", name=op.f("ck_digest_rhythm_known")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_digest_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_digest")),
        sa.UniqueConstraint("person_id", "rhythm", "due_at", name=op.f("uq_digest_person_id_rhythm_due_at")),
    )
    op.create_table(
        "notice_wish",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("mode", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('replies', 'answers', 'followed', 'changes', 'reminders', 'moderation', 'waiting', 'work')",
            name=op.f("ck_notice_wish_kind_known"),
        ),
        sa.CheckConstraint("mode IN ('site', 'now', 'daily', 'weekly')", name=op.f("ck_notice_wish_mode_known")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_wish_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_wish")),
        sa.UniqueConstraint("person_id", "kind", name=op.f("uq_notice_wish_person_id_kind")),
    )
    op.create_table(
        "notice",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("about", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("read_at", sa.DateTime(), nullable=True),
        sa.Column("awaits", sa.Text(), nullable=False),
        sa.Column("digest_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("(kind = 'account') = (consultation_id IS NULL)", name=op.f("ck_notice_has_a_place")),
        sa.CheckConstraint("awaits IN ('', 'daily', 'weekly')", name=op.f("ck_notice_awaits_known")),
        sa.CheckConstraint(
            "kind IN ('replies', 'answers', 'followed', 'changes', 'reminders', 'moderation', 'waiting', 'work', 'account')",
            name=op.f("ck_notice_kind_known"),
        ),
        sa.CheckConstraint(
            "what IN ('replied', 'commented', 'step', 'reminder', 'hidden', 'asked', 'restored', 'appeal_decided', 'reported', 'appealed', 'opened', 'closed', 'extended', 'new_round', 'outcome', 'cosigned', 'proposed', 'proposal_decided', 'standard_review', 'corrected', 'refused', 'contested', 'decided_again', 'assigned', 'assignment_due', 'objected', 'objection_answered', 'objection_reported', 'objection_judged', 'summary_corrected', 'waits', 'new_browser')",
            name=op.f("ck_notice_what_known"),
        ),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_notice_consultation_id")),
        sa.ForeignKeyConstraint(["digest_id"], ["digest.id"], name=op.f("fk_notice_digest_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_notice_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("person_id", "event", name=op.f("uq_notice_person_id_event")),
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index(
            "ix_notice_awaits",
            ["awaits", "person_id"],
            unique=False,
            sqlite_where=sa.text("awaits <> ''"),
            postgresql_where=sa.text("awaits <> ''"),
        )
        batch_op.create_index(batch_op.f("ix_notice_consultation_id"), ["consultation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_notice_digest_id"), ["digest_id"], unique=False)
        batch_op.create_index("ix_notice_inbox", ["person_id", "id"], unique=False)
        batch_op.create_index(
            "ix_notice_unread",
            ["person_id", "id"],
            unique=False,
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        )

    op.create_table(
        "follow",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("lineage_id", sa.Text(), nullable=True),
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "(CASE WHEN consultation_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN lineage_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN comment_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN organisation_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_follow_of_one_thing"),
        ),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_follow_comment_id")),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_follow_consultation_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_follow_organisation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_follow_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow")),
        sa.UniqueConstraint("comment_id", "person_id", name=op.f("uq_follow_comment_id_person_id")),
        sa.UniqueConstraint("consultation_id", "person_id", name=op.f("uq_follow_consultation_id_person_id")),
        sa.UniqueConstraint("lineage_id", "person_id", name=op.f("uq_follow_lineage_id_person_id")),
        sa.UniqueConstraint("organisation_id", "person_id", name=op.f("uq_follow_organisation_id_person_id")),
    )
    with op.batch_alter_table("follow", schema=None) as batch_op:
        batch_op.create_index("ix_follow_person", ["person_id", "id"], unique=False)

    op.create_table(
        "comment_draft",
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("sheet", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("edit_number", sa.Integer(), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("discarded_at", sa.DateTime(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_comment_draft_person_id")),
        sa.ForeignKeyConstraint(["version_id"], ["draft_version.id"], name=op.f("fk_comment_draft_version_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_draft")),
        sa.UniqueConstraint(
            "person_id", "version_id", "place", name=op.f("uq_comment_draft_person_id_version_id_place")
        ),
    )
    with op.batch_alter_table("comment_draft", schema=None) as batch_op:
        batch_op.create_index("ix_comment_draft_newest", ["person_id", "updated_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_comment_draft_discarded_at"), ["discarded_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_comment_draft_version_id"), ["version_id"], unique=False)

    op.create_table(
        "letter",
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("round_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("author_name", sa.Text(), nullable=False),
        sa.Column("named", sa.Text(), nullable=False),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("unsigned_for_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("source_name", sa.Text(), nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.Column("is_handed_over", sa.Boolean(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("plan_number", sa.Integer(), nullable=False),
        sa.Column("cut_at", sa.DateTime(), nullable=True),
        sa.Column("cut_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("(cut_at IS NULL) = (cut_by_id IS NULL)", name=op.f("ck_letter_cut_by_somebody")),
        sa.CheckConstraint(
            "category IN ('government', 'nonprofit', 'civil_society', 'industry', 'academia', 'individual', 'other')",
            name=op.f("ck_letter_category_known"),
        ),
        sa.CheckConstraint("named IN ('name', 'category', 'nobody')", name=op.f("ck_letter_named_known")),
        sa.CheckConstraint("kind IN ('typed', 'docx', 'odt', 'pdf', 'md', 'txt')", name=op.f("ck_letter_kind_known")),
        sa.ForeignKeyConstraint(["author_id"], ["person.id"], name=op.f("fk_letter_author_id")),
        sa.ForeignKeyConstraint(["consultation_id"], ["consultation.id"], name=op.f("fk_letter_consultation_id")),
        sa.ForeignKeyConstraint(["cut_by_id"], ["person.id"], name=op.f("fk_letter_cut_by_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_letter_organisation_id")),
        sa.ForeignKeyConstraint(["unsigned_for_id"], ["organisation.id"], name=op.f("fk_letter_unsigned_for_id")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_letter_round_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index("ix_letter_author", ["author_id", "id"], unique=False)
        batch_op.create_index("ix_letter_newest", ["consultation_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_letter_cut_by_id"), ["cut_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_letter_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_letter_round_id"), ["round_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_letter_unsigned_for_id"), ["unsigned_for_id"], unique=False)

    op.create_table(
        "letter_piece",
        sa.Column("letter_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("start", sa.Integer(), nullable=False),
        sa.Column("end", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint('"start" >= 0 AND "end" > "start"', name=op.f("ck_letter_piece_some_words")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_letter_piece_comment_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_letter_piece_letter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_piece")),
        sa.UniqueConstraint("comment_id", name=op.f("uq_letter_piece_comment_id")),
        sa.UniqueConstraint("letter_id", "part", name=op.f("uq_letter_piece_letter_id_part")),
    )
    op.create_table(
        "organisation_draft",
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("edit_number", sa.Integer(), nullable=False),
        sa.Column("begun_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("updated_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("updated_at", sa.DateTime(), nullable=False),
        sa.Column("proposed_at", sa.DateTime(), nullable=True),
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "(stage = 'posted') = (comment_id IS NOT NULL)", name=op.f("ck_organisation_draft_posted_as_a_comment")
        ),
        sa.CheckConstraint(
            "(stage = 'proposed') = (proposed_at IS NOT NULL)", name=op.f("ck_organisation_draft_proposed_at_some_time")
        ),
        sa.CheckConstraint(
            "stage IN ('open', 'proposed', 'posted', 'dropped')", name=op.f("ck_organisation_draft_stage_known")
        ),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("fk_organisation_draft_organisation_id")
        ),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_organisation_draft_consultation_id")
        ),
        sa.ForeignKeyConstraint(["version_id"], ["draft_version.id"], name=op.f("fk_organisation_draft_version_id")),
        sa.ForeignKeyConstraint(["begun_by_id"], ["person.id"], name=op.f("fk_organisation_draft_begun_by_id")),
        sa.ForeignKeyConstraint(["updated_by_id"], ["person.id"], name=op.f("fk_organisation_draft_updated_by_id")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_organisation_draft_comment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_draft")),
        sa.UniqueConstraint("comment_id", name=op.f("uq_organisation_draft_comment_id")),
    )
    with op.batch_alter_table("organisation_draft", schema=None) as batch_op:
        batch_op.create_index(
            "ix_organisation_draft_newest", ["organisation_id", "stage", "updated_at", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_organisation_draft_begun_by_id"), ["begun_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_organisation_draft_consultation_id"), ["consultation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_organisation_draft_updated_by_id"), ["updated_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_organisation_draft_version_id"), ["version_id"], unique=False)

    op.create_table(
        "organisation_revision",
        sa.Column("draft_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["draft_id"], ["organisation_draft.id"], name=op.f("fk_organisation_revision_draft_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_organisation_revision_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_revision")),
        sa.UniqueConstraint("draft_id", "number", name=op.f("uq_organisation_revision_draft_id_number")),
    )
    with op.batch_alter_table("organisation_revision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_organisation_revision_person_id"), ["person_id"], unique=False)

    op.create_table(
        "organisation_note",
        sa.Column("draft_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("said_at", sa.DateTime(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "act IN ('note', 'proposed', 'sent_back', 'posted', 'dropped', 'taken_up')",
            name=op.f("ck_organisation_note_act_known"),
        ),
        sa.ForeignKeyConstraint(["draft_id"], ["organisation_draft.id"], name=op.f("fk_organisation_note_draft_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_organisation_note_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_organisation_note")),
    )
    with op.batch_alter_table("organisation_note", schema=None) as batch_op:
        batch_op.create_index("ix_organisation_note_thread", ["draft_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_organisation_note_person_id"), ["person_id"], unique=False)

    op.create_table(
        "administrative_act",
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("kept_until", sa.DateTime(), nullable=False),
        sa.Column("verb", sa.Text(), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column("person_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("consultation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("job_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "verb IN ('make_administrator', 'unmake_administrator', 'suspend', 'let_in', 'end_sign_ins', 'mail_password', 'forget_factors', 'erase', 'close_machine', 'verify', 'unverify', 'describe', 'merge', 'part', 'say_apart', 'grant_role', 'revoke_role', 'retry_job', 'retry_jobs', 'discard_job')",
            name=op.f("ck_administrative_act_verb_known"),
        ),
        sa.ForeignKeyConstraint(["by_id"], ["person.id"], name=op.f("fk_administrative_act_by_id")),
        sa.ForeignKeyConstraint(
            ["consultation_id"], ["consultation.id"], name=op.f("fk_administrative_act_consultation_id")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_administrative_act_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_administrative_act")),
    )
    with op.batch_alter_table("administrative_act", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_administrative_act_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_administrative_act_consultation_id"), ["consultation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_administrative_act_organisation_id"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_administrative_act_person_id"), ["person_id"], unique=False)

    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in POSTGRESQL_GUARDS if is_postgresql else SQLITE_GUARDS:
        op.execute(sa.text(statement))
    for statement in POSTGRESQL_INDEX if is_postgresql else SQLITE_INDEX:
        op.execute(statement)


def downgrade() -> None:
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    for name in GUARDS:
        op.execute(f"DROP FUNCTION {name} CASCADE" if is_postgresql else f"DROP TRIGGER {name}")
    for statement in POSTGRESQL_INDEX_GOES if is_postgresql else SQLITE_INDEX_GOES:
        op.execute(statement)
    with op.batch_alter_table("administrative_act", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_administrative_act_person_id"))
        batch_op.drop_index(batch_op.f("ix_administrative_act_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_administrative_act_consultation_id"))
        batch_op.drop_index(batch_op.f("ix_administrative_act_by_id"))

    op.drop_table("administrative_act")
    op.drop_table("letter_piece")
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_letter_unsigned_for_id"))
        batch_op.drop_index(batch_op.f("ix_letter_round_id"))
        batch_op.drop_index(batch_op.f("ix_letter_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_letter_cut_by_id"))
        batch_op.drop_index("ix_letter_newest")
        batch_op.drop_index("ix_letter_author")

    op.drop_table("letter")
    with op.batch_alter_table("organisation_note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_note_person_id"))
        batch_op.drop_index("ix_organisation_note_thread")

    op.drop_table("organisation_note")
    with op.batch_alter_table("organisation_revision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_revision_person_id"))

    op.drop_table("organisation_revision")
    with op.batch_alter_table("organisation_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_draft_version_id"))
        batch_op.drop_index(batch_op.f("ix_organisation_draft_updated_by_id"))
        batch_op.drop_index(batch_op.f("ix_organisation_draft_consultation_id"))
        batch_op.drop_index(batch_op.f("ix_organisation_draft_begun_by_id"))
        batch_op.drop_index("ix_organisation_draft_newest")

    op.drop_table("organisation_draft")
    with op.batch_alter_table("comment_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comment_draft_version_id"))
        batch_op.drop_index(batch_op.f("ix_comment_draft_discarded_at"))
        batch_op.drop_index("ix_comment_draft_newest")

    op.drop_table("comment_draft")
    with op.batch_alter_table("follow", schema=None) as batch_op:
        batch_op.drop_index("ix_follow_person")

    op.drop_table("follow")
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_notice_unread", sqlite_where=sa.text("read_at IS NULL"), postgresql_where=sa.text("read_at IS NULL")
        )
        batch_op.drop_index("ix_notice_inbox")
        batch_op.drop_index(batch_op.f("ix_notice_digest_id"))
        batch_op.drop_index(batch_op.f("ix_notice_consultation_id"))
        batch_op.drop_index(
            "ix_notice_awaits", sqlite_where=sa.text("awaits <> ''"), postgresql_where=sa.text("awaits <> ''")
        )

    op.drop_table("notice")
    op.drop_table("notice_wish")
    op.drop_table("digest")
    op.drop_table("resource")
    op.drop_table("term")
    op.drop_table("guide_question")
    op.drop_table("guide")
    with op.batch_alter_table("body_tally", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_body_tally_organisation_id"))
        batch_op.drop_index("ix_body_tally_most")

    for name in ("body_tally", "voice_tally", "argument_tally", "round_tally"):
        op.drop_table(name)
    op.drop_table("cosignature_tally")
    with op.batch_alter_table("cosignature", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cosignature_organisation_id"))
        batch_op.drop_index("ix_cosignature_person")
        batch_op.drop_index("ix_cosignature_newest")

    op.drop_table("cosignature")
    with op.batch_alter_table("campaign_search", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_campaign_search_open",
            sqlite_where=sa.text("finished_at IS NULL"),
            postgresql_where=sa.text("finished_at IS NULL"),
        )
        batch_op.drop_index("ix_campaign_search_newest")

    op.drop_table("campaign_search")
    with op.batch_alter_table("campaign_act", schema=None) as batch_op:
        batch_op.drop_index("ix_campaign_act_newest")
        batch_op.drop_index(batch_op.f("ix_campaign_act_moderator_id"))
        batch_op.drop_index(batch_op.f("ix_campaign_act_campaign_id"))

    op.drop_table("campaign_act")
    with op.batch_alter_table("campaign_member", schema=None) as batch_op:
        batch_op.drop_index("ix_campaign_member_standing")

    op.drop_table("campaign_member")
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claim_person_id"))
        batch_op.drop_index(batch_op.f("ix_claim_consultation_id"))

    op.drop_table("claim")
    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_campaign_template_id"))

    op.drop_table("campaign")
    op.drop_table("search_row")
    with op.batch_alter_table("passage_tally", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passage_tally_position_id"))

    op.drop_table("passage_tally")
    with op.batch_alter_table("clause_pair", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clause_pair_version_id"))
        batch_op.drop_index(batch_op.f("ix_clause_pair_new_id"))
        batch_op.drop_index(batch_op.f("ix_clause_pair_decided_by_id"))

    op.drop_table("clause_pair")
    with op.batch_alter_table("carried_anchor", schema=None) as batch_op:
        batch_op.drop_index("ix_carried_anchor_version")
        batch_op.drop_index(batch_op.f("ix_carried_anchor_comment_id"))
        batch_op.drop_index("ix_carried_anchor_clause")
        batch_op.drop_index(batch_op.f("ix_carried_anchor_checked_by_id"))

    op.drop_table("carried_anchor")
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_report_open_reply",
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )
        batch_op.drop_index(
            "uq_report_open_comment",
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_report_reporter_id"))
        batch_op.drop_index(batch_op.f("ix_report_reply_id"))
        batch_op.drop_index("ix_report_open")
        batch_op.drop_index(batch_op.f("ix_report_comment_id"))
        batch_op.drop_index(batch_op.f("ix_report_closed_by_act_id"))

    op.drop_table("report")
    with op.batch_alter_table("proposed_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_proposed_change_comment_id"))
        batch_op.drop_index(batch_op.f("ix_proposed_change_clause_id"))

    op.drop_table("proposed_change")
    with op.batch_alter_table("clause_tally", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clause_tally_position_id"))

    op.drop_table("clause_tally")
    with op.batch_alter_table("intake_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_intake_file_entry_id"))

    op.drop_table("intake_file")
    with op.batch_alter_table("intake_entry", schema=None) as batch_op:
        batch_op.drop_index("uq_intake_entry_message")
        batch_op.drop_index(batch_op.f("ix_intake_entry_entered_by_id"))
        batch_op.drop_index(batch_op.f("ix_intake_entry_claimed_by_id"))
        batch_op.drop_index(batch_op.f("ix_intake_entry_checked_by_id"))
        batch_op.drop_index("ix_intake_entry_state")

    op.drop_table("intake_entry")
    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_appeal_decided_by_id"))
        batch_op.drop_index(batch_op.f("ix_appeal_author_id"))

    op.drop_table("appeal")
    with op.batch_alter_table("correction", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_correction_open", sqlite_where=sa.text("outcome = ''"), postgresql_where=sa.text("outcome = ''")
        )
        batch_op.drop_index(batch_op.f("ix_correction_author_id"))
        batch_op.drop_index(batch_op.f("ix_correction_answer_id"))
        batch_op.drop_index(batch_op.f("ix_correction_act_id"))

    op.drop_table("correction")
    with op.batch_alter_table("anchor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_anchor_comment_id"))
        batch_op.drop_index("ix_anchor_clause")

    op.drop_table("anchor")
    with op.batch_alter_table("revision", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_revision_reply_id"))
        batch_op.drop_index(batch_op.f("ix_revision_comment_id"))

    op.drop_table("revision")
    with op.batch_alter_table("reply_position", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reply_position_position_id"))

    op.drop_table("reply_position")
    with op.batch_alter_table("moderation_act", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_moderation_act_reply_id"))
        batch_op.drop_index(
            "ix_moderation_act_waiting", sqlite_where=sa.text("is_waiting"), postgresql_where=sa.text("is_waiting")
        )
        batch_op.drop_index("ix_moderation_act_newest")
        batch_op.drop_index(batch_op.f("ix_moderation_act_moderator_id"))
        batch_op.drop_index(batch_op.f("ix_moderation_act_comment_id"))

    op.drop_table("moderation_act")
    with op.batch_alter_table("removal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_removal_reply_id"))
        batch_op.drop_index(batch_op.f("ix_removal_comment_id"))

    op.drop_table("removal")
    with op.batch_alter_table("immateriality", schema=None) as batch_op:
        batch_op.drop_index("ix_immateriality_round")
        batch_op.drop_index(batch_op.f("ix_immateriality_person_id"))
        batch_op.drop_index(batch_op.f("ix_immateriality_last_answer_id"))

    op.drop_table("immateriality")
    with op.batch_alter_table("objection_appeal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_objection_appeal_decided_by_id"))

    op.drop_table("objection_appeal")
    with op.batch_alter_table("objection_act", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_objection_act_moderator_id"))
        batch_op.drop_index("ix_objection_act_objection")

    op.drop_table("objection_act")
    with op.batch_alter_table("objection_report", schema=None) as batch_op:
        batch_op.drop_index("uq_objection_report_open")
        batch_op.drop_index(batch_op.f("ix_objection_report_objection_id"))

    op.drop_table("objection_report")
    with op.batch_alter_table("objection", schema=None) as batch_op:
        batch_op.drop_index("ix_objection_statement")
        batch_op.drop_index(batch_op.f("ix_objection_person_id"))
        batch_op.drop_index(batch_op.f("ix_objection_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_objection_consultation_id"))
        batch_op.drop_index(batch_op.f("ix_objection_answered_by_id"))

    op.drop_table("objection")
    with op.batch_alter_table("omission", schema=None) as batch_op:
        batch_op.drop_index("ix_omission_summary")
        batch_op.drop_index(batch_op.f("ix_omission_position_id"))
        batch_op.drop_index(batch_op.f("ix_omission_clause_id"))

    op.drop_table("omission")
    with op.batch_alter_table("approval", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approval_person_id"))

    op.drop_table("approval")
    with op.batch_alter_table("summary_writer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_summary_writer_person_id"))

    op.drop_table("summary_writer")
    with op.batch_alter_table("acknowledgement", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_acknowledgement_person_id"))
        batch_op.drop_index(batch_op.f("ix_acknowledgement_disposition_id"))
        batch_op.drop_index("ix_acknowledgement_comment")
        batch_op.drop_index(
            "ix_acknowledgement_against",
            sqlite_where=sa.text("said = 'not_satisfied'"),
            postgresql_where=sa.text("said = 'not_satisfied'"),
        )

    op.drop_table("acknowledgement")
    with op.batch_alter_table("assigned_comment", schema=None) as batch_op:
        batch_op.drop_index("ix_assigned_comment_history")
        batch_op.drop_index(
            "ix_assigned_comment_current", sqlite_where=sa.text("is_current"), postgresql_where=sa.text("is_current")
        )

    op.drop_table("assigned_comment")
    with op.batch_alter_table("assignment", schema=None) as batch_op:
        batch_op.drop_index("ix_assignment_due")
        batch_op.drop_index(batch_op.f("ix_assignment_person_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_made_by_id"))
        batch_op.drop_index(batch_op.f("ix_assignment_consultation_id"))

    op.drop_table("assignment")
    with op.batch_alter_table("saved_view", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_saved_view_person_id"))

    op.drop_table("saved_view")
    with op.batch_alter_table("answer_template", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_answer_template_edited_by_id"))

    op.drop_table("answer_template")
    with op.batch_alter_table("theme_comment", schema=None) as batch_op:
        batch_op.drop_index("ix_theme_comment_theme")

    op.drop_table("theme_comment")
    with op.batch_alter_table("implementation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_implementation_applied_by_id"))
        batch_op.drop_index(batch_op.f("ix_implementation_by_id"))
        batch_op.drop_index(batch_op.f("ix_implementation_clause_id"))
        batch_op.drop_index(batch_op.f("ix_implementation_version_id"))
        batch_op.drop_index("ix_implementation_disposition")

    op.drop_table("implementation")
    with op.batch_alter_table("disposition", schema=None) as batch_op:
        batch_op.drop_index("ix_disposition_theme")
        batch_op.drop_index(batch_op.f("ix_disposition_duplicate_of_id"))
        batch_op.drop_index("ix_disposition_decider")
        batch_op.drop_index(
            "ix_disposition_changing",
            sqlite_where=sa.text("change_class <> 'none'"),
            postgresql_where=sa.text("change_class <> 'none'"),
        )
        batch_op.drop_index(batch_op.f("ix_disposition_clause_id"))
        batch_op.drop_index("ix_disposition_comment")

    op.drop_table("disposition")
    with op.batch_alter_table("theme", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_theme_made_by_id"))
        batch_op.drop_index("ix_theme_round")

    op.drop_table("theme")
    with op.batch_alter_table("clause", schema=None) as batch_op:
        batch_op.drop_index("ix_clause_rank")
        batch_op.drop_index(batch_op.f("ix_clause_parent_id"))
        batch_op.drop_index("ix_clause_page")
        batch_op.drop_index("ix_clause_line")
        batch_op.drop_index("ix_clause_label")
        batch_op.drop_index("ix_clause_heading")

    op.drop_table("clause")
    op.drop_table("standard_review")
    op.drop_table("standard_pdf")
    op.drop_table("standard_version")
    op.drop_table("standard")
    with op.batch_alter_table("citation", schema=None) as batch_op:
        batch_op.drop_index("ix_citation_comment")

    op.drop_table("citation")
    op.drop_table("quotation")
    op.drop_table("visit")
    op.drop_table("opinion_tally")
    op.drop_table("opinion_map")
    op.drop_table("vote_tally")
    with op.batch_alter_table("vote", schema=None) as batch_op:
        batch_op.drop_index("ix_vote_person")

    op.drop_table("vote")
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.drop_index("ix_statement_rank")

    op.drop_table("statement")
    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.drop_index("ix_import_row_external")
        batch_op.drop_index(batch_op.f("ix_import_row_reply_id"))
        batch_op.drop_index(batch_op.f("ix_import_row_comment_id"))

    op.drop_table("import_row")
    with op.batch_alter_table("reply", schema=None) as batch_op:
        batch_op.drop_index("ix_reply_thread")
        batch_op.drop_index("ix_reply_parent")
        batch_op.drop_index("ix_reply_new")
        batch_op.drop_index("ix_reply_level")
        batch_op.drop_index("ix_reply_organisation")
        batch_op.drop_index("ix_reply_author")
        batch_op.drop_index("ix_reply_unshown")

    op.drop_table("reply")
    with op.batch_alter_table("reading_page", schema=None) as batch_op:
        batch_op.drop_index("ix_reading_page_rank")

    op.drop_table("reading_page")
    op.drop_table("picture")
    with op.batch_alter_table("comment_position", schema=None) as batch_op:
        batch_op.drop_index("ix_comment_position_position")

    op.drop_table("comment_position")
    with op.batch_alter_table("outcome_summary", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outcome_summary_consultation_id"))

    op.drop_table("outcome_summary")
    with op.batch_alter_table("draft_version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_draft_version_supersedes_id"))

    op.drop_table("draft_version")
    with op.batch_alter_table("comment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_comment_round_id"))
        batch_op.drop_index(batch_op.f("ix_comment_placed_by_id"))
        batch_op.drop_index("ix_comment_place")
        batch_op.drop_index("ix_comment_organisation")
        batch_op.drop_index("ix_comment_organisation_place")
        batch_op.drop_index("ix_comment_unsigned")
        batch_op.drop_index(batch_op.f("ix_comment_signed_by_id"))
        batch_op.drop_index("ix_comment_newest")
        batch_op.drop_index("ix_comment_random")
        batch_op.drop_index("ix_comment_discussed")
        batch_op.drop_index("ix_comment_worth")
        batch_op.drop_index("ix_comment_waiting")
        batch_op.drop_index("ix_comment_ground")
        batch_op.drop_index("ix_comment_cosigned")
        batch_op.drop_index("ix_comment_active")
        batch_op.drop_index("ix_comment_author_here")
        batch_op.drop_index("ix_comment_author")
        batch_op.drop_index("ix_comment_unplaced")
        batch_op.drop_index("ix_comment_apart")
        batch_op.drop_index("ix_comment_unshown")
        batch_op.drop_index("ix_comment_answered")

    op.drop_table("comment")
    with op.batch_alter_table("transition", schema=None) as batch_op:
        batch_op.drop_index("ix_transition_verb_at")
        batch_op.drop_index("ix_transition_consultation")
        batch_op.drop_index(batch_op.f("ix_transition_actor_id"))

    op.drop_table("transition")
    with op.batch_alter_table("topic", schema=None) as batch_op:
        batch_op.drop_index("ix_topic_name")

    op.drop_table("topic")
    with op.batch_alter_table("staged_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staged_draft_person_id"))

    op.drop_table("staged_draft")
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stored_file_added_by_id"))
        batch_op.drop_index(batch_op.f("ix_stored_file_sha256"))
        batch_op.drop_index(batch_op.f("ix_stored_file_consultation_id"))

    op.drop_table("stored_file")
    op.drop_table("round")
    with op.batch_alter_table("suspension", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_suspension_person_id"))

    op.drop_table("suspension")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_invited_by_id"))
        batch_op.drop_index(batch_op.f("ix_invitation_email"))

    op.drop_table("invitation")
    with op.batch_alter_table("guest_organisation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_guest_organisation_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_guest_organisation_invited_by_id"))

    op.drop_table("guest_organisation")
    with op.batch_alter_table("role_grant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_role_grant_person_id"))
        batch_op.drop_index(batch_op.f("ix_role_grant_granted_by_id"))

    op.drop_table("role_grant")
    with op.batch_alter_table("question", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_question_consultation_id"))

    op.drop_table("question")
    op.drop_table("position")
    op.drop_table("numbering")
    with op.batch_alter_table("import_batch", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_import_batch_imported_by_id"))
        batch_op.drop_index("ix_import_batch_file")

    op.drop_table("import_batch")
    op.drop_table("draft")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_person_id"))
        batch_op.drop_index(batch_op.f("ix_sign_in_acting_for_id"))

    op.drop_table("sign_in")
    op.drop_table("recovery_code")
    op.drop_table("provider_identity")
    with op.batch_alter_table("passkey", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passkey_person_id"))

    op.drop_table("passkey")
    op.drop_table("authenticator")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_membership_person_id"))
        batch_op.drop_index(batch_op.f("ix_membership_decided_by_id"))

    op.drop_table("membership")
    with op.batch_alter_table("interest", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_interest_person_id"))

    op.drop_table("interest")
    op.drop_table("erasure")
    with op.batch_alter_table("data_copy", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_data_copy_ready_at"))

    op.drop_table("data_copy")
    with op.batch_alter_table("consultation", schema=None) as batch_op:
        batch_op.drop_index("ix_consultation_state_closes")
        batch_op.drop_index(batch_op.f("ix_consultation_organiser_id"))
        batch_op.drop_index(batch_op.f("ix_consultation_created_by_id"))
        batch_op.drop_index("ix_consultation_announced")

    op.drop_table("consultation")
    with op.batch_alter_table("trail", schema=None) as batch_op:
        batch_op.drop_index("ix_trail_words")
        batch_op.drop_index("ix_trail_origin")
        batch_op.drop_index(batch_op.f("ix_trail_at"))

    op.drop_table("trail")
    with op.batch_alter_table("category_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_category_change_person_id"))

    op.drop_table("category_change")
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_api_token_person_id"))
        batch_op.drop_index(batch_op.f("ix_api_token_made_by_id"))
        batch_op.drop_index(batch_op.f("ix_api_token_expires_at"))
        batch_op.drop_index(batch_op.f("ix_api_token_acting_for_id"))

    op.drop_table("api_token")
    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_submission_created_at"))

    op.drop_table("submission")
    with op.batch_alter_table("merged_value", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_merged_value_merge_id"))

    op.drop_table("merged_value")
    with op.batch_alter_table("organisation_merge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_merge_undone_by_id"))
        batch_op.drop_index(batch_op.f("ix_organisation_merge_into_id"))
        batch_op.drop_index(batch_op.f("ix_organisation_merge_former_id"))
        batch_op.drop_index(batch_op.f("ix_organisation_merge_by_id"))

    op.drop_table("organisation_merge")
    with op.batch_alter_table("organisation_category_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_category_change_organisation_id"))
        batch_op.drop_index(batch_op.f("ix_organisation_category_change_by_id"))

    op.drop_table("organisation_category_change")
    with op.batch_alter_table("organisation_apart", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_apart_other_id"))
        batch_op.drop_index(batch_op.f("ix_organisation_apart_by_id"))

    op.drop_table("organisation_apart")
    op.drop_table("person")
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_organisation_parent_id"))
        batch_op.drop_index(batch_op.f("ix_organisation_merged_into_id"))

    op.drop_table("organisation")
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_index("ix_job_open")

    op.drop_table("job")
    op.drop_table("edition")
    op.drop_table("served_revision")
    op.drop_table("worker_sign")
