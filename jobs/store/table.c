/* table.c - see table.h. */
#include "jobs/store/table.h"

#include <stdlib.h>
#include <string.h>

const char sl_store_table_schema[] =
	"CREATE TABLE version(n INTEGER PRIMARY KEY AUTOINCREMENT, tbl TEXT NOT NULL, id BLOB NOT NULL, segment BLOB "
        "NOT NULL UNIQUE,"
	" wrapped BLOB NOT NULL, bytes INTEGER NOT NULL, rows INTEGER NOT NULL, units INTEGER NOT NULL, at INTEGER NOT "
        "NULL);"
	"CREATE INDEX version_by_table ON version(tbl, n);"
	"CREATE TABLE space(name TEXT PRIMARY KEY, units INTEGER NOT NULL);"
	"CREATE TABLE reference(tbl TEXT NOT NULL, position INTEGER NOT NULL, key TEXT NOT NULL, label TEXT NOT NULL,"
	" PRIMARY KEY(tbl, position));";

/* What state version 2 has more: an older file is brought to it by these. */
const char sl_store_table_schema_2[] =
	"ALTER TABLE version ADD COLUMN changed INTEGER NOT NULL DEFAULT -1;"
	"ALTER TABLE version ADD COLUMN in_force INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE version ADD COLUMN forgotten INTEGER NOT NULL DEFAULT 0;"
	"UPDATE version SET in_force = at;"
	"ALTER TABLE space ADD COLUMN sha256 BLOB;"
	"CREATE TABLE source(tbl TEXT PRIMARY KEY, kind INTEGER NOT NULL, package TEXT NOT NULL, path TEXT NOT NULL,"
	" inside TEXT NOT NULL, bytes INTEGER NOT NULL, sha256 BLOB NOT NULL);";

/* And version 3: attributes of reference rows, 9 bytes each: 1 when missing, then the value, least byte first. */
const char sl_store_table_schema_3[] = "ALTER TABLE reference ADD COLUMN cells BLOB NOT NULL DEFAULT x'';";

#define CELL_BYTES 9u

#define VERSION_COLUMNS "n,tbl,id,segment,wrapped,bytes,rows,units,at,changed,in_force,forgotten"

enum sl_rc sl_version_put(struct sl_db *db, const struct sl_version *v, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db,
	                              "INSERT INTO version(tbl,id,segment,wrapped,bytes,rows,units,at,changed,in_force)"
	                              " VALUES(?,?,?,?,?,?,?,?,?,?)",
	                              &st, err);

	if (rc == SL_OK) {
		sl_bind_text(st, 1, v->table);
		sl_bind_blob(st, 2, v->id, sizeof v->id);
		sl_bind_blob(st, 3, v->segment_id, sizeof v->segment_id);
		sl_bind_blob(st, 4, v->wrapped, v->nwrapped);
		sl_bind_i64(st, 5, (int64_t)v->bytes);
		sl_bind_i64(st, 6, (int64_t)v->rows);
		sl_bind_i64(st, 7, (int64_t)v->units);
		sl_bind_i64(st, 8, v->at);
		sl_bind_i64(st, 9, v->changed);
		sl_bind_i64(st, 10, v->in_force);
		rc = sl_stmt_run(db, st, err);
	}
	sl_stmt_end(db, st);
	return rc;
}

static enum sl_rc take_version(sqlite3_stmt *st, struct sl_version *out, struct sl_err *err)
{
	size_t nwrapped = (size_t)sqlite3_column_bytes(st, 4);

	memset(out, 0, sizeof *out);
	if (sqlite3_column_bytes(st, 3) != 16 || nwrapped > sizeof out->wrapped)
		return sl_err_set(err, SL_E_INTEGRITY, "state.db: a table version is damaged");
	out->n = sqlite3_column_int64(st, 0);
	memcpy(out->segment_id, sqlite3_column_blob(st, 3), 16);
	if (nwrapped > 0)
		memcpy(out->wrapped, sqlite3_column_blob(st, 4), nwrapped);
	out->nwrapped = nwrapped;
	out->bytes = (uint64_t)sqlite3_column_int64(st, 5);
	out->rows = (uint64_t)sqlite3_column_int64(st, 6);
	out->units = (uint64_t)sqlite3_column_int64(st, 7);
	out->at = sqlite3_column_int64(st, 8);
	out->changed = sqlite3_column_int64(st, 9);
	out->in_force = sqlite3_column_int64(st, 10);
	out->forgotten = sqlite3_column_int64(st, 11);
	enum sl_rc rc = sl_column_digest(st, 2, out->id, err);
	if (rc == SL_OK && (out->table = sl_column_text_dup(st, 1)) == NULL)
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	return rc;
}

enum sl_rc sl_version_in_force(struct sl_db *db, const char *table, struct sl_version *out, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db,
	                              "SELECT " VERSION_COLUMNS " FROM version WHERE tbl=? AND in_force>0 AND forgotten=0"
	                              " ORDER BY n DESC LIMIT 1",
	                              &st, err);

	memset(out, 0, sizeof *out);
	if (rc == SL_OK) {
		sl_bind_text(st, 1, table);
		rc = sl_stmt_row(db, st, err);
	}
	if (rc == SL_OK)
		rc = take_version(st, out, err);
	sl_stmt_end(db, st);
	return rc;
}

static enum sl_rc make_room(struct sl_versions *all, struct sl_err *err)
{
	uint32_t cap = all->cap > 0 ? 2 * all->cap : 8;
	struct sl_version *more;

	if (all->n < all->cap)
		return SL_OK;
	more = realloc(all->items, cap * sizeof *more);
	if (more == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	all->items = more;
	all->cap = cap;
	return SL_OK;
}

static enum sl_rc load_versions(struct sl_db *db, const char *sql, const char *table, struct sl_versions *out,
                                struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, sql, &st, err);

	memset(out, 0, sizeof *out);
	if (rc == SL_OK)
		sl_bind_text(st, 1, table);
	while (rc == SL_OK && (rc = sl_stmt_row(db, st, err)) == SL_OK) {
		rc = make_room(out, err);
		if (rc == SL_OK)
			rc = take_version(st, &out->items[out->n++], err);
	}
	sl_stmt_end(db, st);
	if (rc != SL_E_NO)
		sl_versions_free(out);
	return rc == SL_E_NO ? SL_OK : rc;
}

enum sl_rc sl_versions_load(struct sl_db *db, const char *table, struct sl_versions *out, struct sl_err *err)
{
	return load_versions(db,
	                     table != NULL ? "SELECT " VERSION_COLUMNS " FROM version WHERE tbl=?1 ORDER BY n"
	                                   : "SELECT " VERSION_COLUMNS " FROM version WHERE ?1 IS NULL ORDER BY tbl, n",
	                     table, out, err);
}

enum sl_rc sl_versions_waiting(struct sl_db *db, struct sl_versions *out, struct sl_err *err)
{
	return load_versions(db,
	                     "SELECT " VERSION_COLUMNS " FROM version AS v WHERE ?1 IS NULL AND in_force=0 AND forgotten=0 AND"
	                     " n > coalesce((SELECT max(n) FROM version AS w WHERE w.tbl=v.tbl AND w.in_force>0 AND"
	                     " w.forgotten=0), 0) ORDER BY tbl, n",
	                     NULL, out, err);
}

void sl_versions_free(struct sl_versions *all)
{
	for (uint32_t i = 0; i < all->n; i++)
		sl_version_free(&all->items[i]);
	free(all->items);
	memset(all, 0, sizeof *all);
}

void sl_version_free(struct sl_version *v)
{
	free(v->table);
	memset(v, 0, sizeof *v);
}

static enum sl_rc mark(struct sl_db *db, const char *sql, int64_t n, int64_t at, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, sql, &st, err);

	if (rc == SL_OK) {
		sl_bind_i64(st, 1, n);
		sl_bind_i64(st, 2, at);
		rc = sl_stmt_run(db, st, err);
	}
	sl_stmt_end(db, st);
	return rc;
}

enum sl_rc sl_version_put_in_force(struct sl_db *db, int64_t n, int64_t at, struct sl_err *err)
{
	return mark(db, "UPDATE version SET in_force=?2 WHERE n=?1 AND forgotten=0", n, at, err);
}

enum sl_rc sl_version_forget(struct sl_db *db, int64_t n, int64_t at, struct sl_err *err)
{
	return mark(db, "UPDATE version SET wrapped=zeroblob(0), forgotten=?2 WHERE n=?1", n, at, err);
}

enum sl_rc sl_version_is_kept(struct sl_db *db, const char *table, bool *kept, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "SELECT 1 FROM version WHERE tbl=? AND forgotten=0", &st, err);

	if (rc == SL_OK) {
		sl_bind_text(st, 1, table);
		rc = sl_stmt_row(db, st, err);
	}
	*kept = rc == SL_OK;
	sl_stmt_end(db, st);
	return rc == SL_E_NO ? SL_OK : rc;
}

enum sl_rc sl_version_has_segment(struct sl_db *db, const uint8_t segment_id[static 16], bool *known,
                                  struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "SELECT 1 FROM version WHERE segment=? AND forgotten=0", &st, err);

	if (rc == SL_OK) {
		sl_bind_blob(st, 1, segment_id, 16);
		rc = sl_stmt_row(db, st, err);
	}
	*known = rc == SL_OK;
	sl_stmt_end(db, st);
	return rc == SL_E_NO ? SL_OK : rc;
}

enum sl_rc sl_version_segments(struct sl_db *db, bool forgotten, struct sl_buf *out, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(
		db, "SELECT segment FROM version WHERE (forgotten<>0)=? AND length(segment)=? ORDER BY segment", &st, err);

	if (rc == SL_OK) {
		sl_bind_i64(st, 1, forgotten);
		sl_bind_i64(st, 2, SL_SEGMENT_ID_BYTES);
	}
	while (rc == SL_OK && (rc = sl_stmt_row(db, st, err)) == SL_OK)
		sl_column_blob_put(st, 0, out);
	sl_stmt_end(db, st);
	return rc == SL_E_NO ? sl_buf_ok(out, "segments", err) : rc;
}

static enum sl_rc take_space(sqlite3_stmt *st, struct sl_space *out, struct sl_err *err)
{
	out->units = (uint64_t)sqlite3_column_int64(st, 1);
	out->is_sealed = sqlite3_column_type(st, 2) != SQLITE_NULL;
	out->name = sl_column_text_dup(st, 0);
	if (out->name == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	return out->is_sealed ? sl_column_digest(st, 2, out->sha256, err) : SL_OK;
}

enum sl_rc sl_space_get(struct sl_db *db, const char *space, struct sl_space *out, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "SELECT name, units, sha256 FROM space WHERE name=?", &st, err);

	memset(out, 0, sizeof *out);
	if (rc == SL_OK) {
		sl_bind_text(st, 1, space);
		rc = sl_stmt_row(db, st, err);
	}
	if (rc == SL_OK)
		rc = take_space(st, out, err);
	sl_stmt_end(db, st);
	return rc == SL_E_NO ? SL_OK : rc;
}

enum sl_rc sl_space_each(struct sl_db *db, sl_space_see *see, void *self, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "SELECT name, units, sha256 FROM space ORDER BY name", &st, err);

	while (rc == SL_OK && (rc = sl_stmt_row(db, st, err)) == SL_OK) {
		struct sl_space space = {0};
		rc = take_space(st, &space, err);
		if (rc == SL_OK)
			rc = see(self, &space, err);
		sl_space_free(&space);
	}
	sl_stmt_end(db, st);
	return rc == SL_E_NO ? SL_OK : rc;
}

void sl_space_free(struct sl_space *space)
{
	free(space->name);
	memset(space, 0, sizeof *space);
}

enum sl_rc sl_space_set(struct sl_db *db, const char *space, uint64_t units, const uint8_t sha256[static 32],
                        struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "INSERT OR REPLACE INTO space VALUES(?,?,?)", &st, err);

	if (rc == SL_OK) {
		sl_bind_text(st, 1, space);
		sl_bind_i64(st, 2, (int64_t)units);
		sl_bind_blob(st, 3, sha256, 32);
		rc = sl_stmt_run(db, st, err);
	}
	sl_stmt_end(db, st);
	return rc;
}

enum sl_rc sl_store_source_put(struct sl_db *db, const struct sl_store_source *s, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "INSERT OR REPLACE INTO source VALUES(?,?,?,?,?,?,?)", &st, err);

	if (rc == SL_OK) {
		sl_bind_text(st, 1, s->table);
		sl_bind_i64(st, 2, s->kind);
		sl_bind_text(st, 3, s->package);
		sl_bind_text(st, 4, s->path);
		sl_bind_text(st, 5, s->inside);
		sl_bind_i64(st, 6, (int64_t)s->bytes);
		sl_bind_blob(st, 7, s->sha256, 32);
		rc = sl_stmt_run(db, st, err);
	}
	sl_stmt_end(db, st);
	return rc;
}

enum sl_rc sl_store_source_get(struct sl_db *db, const char *table, struct sl_store_source *out, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(
		db, "SELECT tbl,kind,package,path,inside,bytes,sha256 FROM source WHERE tbl=?", &st, err);

	memset(out, 0, sizeof *out);
	if (rc == SL_OK) {
		sl_bind_text(st, 1, table);
		rc = sl_stmt_row(db, st, err);
	}
	if (rc == SL_OK) {
		out->table = sl_column_text_dup(st, 0);
		out->kind = (uint8_t)sqlite3_column_int64(st, 1);
		out->package = sl_column_text_dup(st, 2);
		out->path = sl_column_text_dup(st, 3);
		out->inside = sl_column_text_dup(st, 4);
		out->bytes = (uint64_t)sqlite3_column_int64(st, 5);
		rc = sl_column_digest(st, 6, out->sha256, err);
		if (out->table == NULL || out->package == NULL || out->path == NULL || out->inside == NULL)
			rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
		if (rc != SL_OK)
			sl_store_source_free(out);
	}
	sl_stmt_end(db, st);
	return rc;
}

void sl_store_source_free(struct sl_store_source *s)
{
	free(s->table);
	free(s->package);
	free(s->path);
	free(s->inside);
	memset(s, 0, sizeof *s);
}

enum sl_rc sl_reference_clear(struct sl_db *db, const char *table, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "DELETE FROM reference WHERE tbl=?", &st, err);

	if (rc == SL_OK) {
		sl_bind_text(st, 1, table);
		rc = sl_stmt_run(db, st, err);
	}
	sl_stmt_end(db, st);
	return rc;
}

static enum sl_rc pack_cells(const struct sl_reference_row *row, struct sl_buf *out, struct sl_err *err)
{
	for (uint32_t i = 0; i < row->ncells; i++) {
		sl_buf_u8(out, row->cells[i].missing);
		sl_buf_u64(out, (uint64_t)row->cells[i].value);
	}
	return sl_buf_ok(out, "a row of a reference table", err);
}

static enum sl_rc take_cells(sqlite3_stmt *st, int column, struct sl_reference_row *out, struct sl_err *err)
{
	const uint8_t *bytes = sqlite3_column_blob(st, column);
	size_t n = (size_t)sqlite3_column_bytes(st, column);

	if (n % CELL_BYTES != 0 || n / CELL_BYTES > SL_COLUMNS_MAX)
		return sl_err_set(err, SL_E_INTEGRITY, "state.db: a row of a reference table is damaged");
	out->cells = calloc(n / CELL_BYTES + 1, sizeof *out->cells);
	if (out->cells == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory");
	for (; out->ncells < n / CELL_BYTES; out->ncells++, bytes += CELL_BYTES) {
		uint64_t value = 0;
		for (uint32_t b = 8; b > 0; b--)
			value = value << 8 | bytes[b];
		out->cells[out->ncells] = (struct sl_reference_cell){.value = (int64_t)value, .missing = bytes[0]};
	}
	return SL_OK;
}

enum sl_rc sl_reference_add(struct sl_db *db, const char *table, uint32_t position, const struct sl_reference_row *row,
                            struct sl_err *err)
{
	struct sl_buf cells = {.max = SL_COLUMNS_MAX * CELL_BYTES};
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = pack_cells(row, &cells, err);

	if (rc == SL_OK)
		rc = sl_stmt_begin(db, "INSERT INTO reference(tbl,position,key,label,cells) VALUES(?,?,?,?,?)", &st, err);
	if (rc == SL_OK) {
		sl_bind_text(st, 1, table);
		sl_bind_i64(st, 2, position);
		sl_bind_text(st, 3, row->key);
		sl_bind_text(st, 4, row->label);
		sl_bind_blob(st, 5, cells.data, cells.len);
		rc = sl_stmt_run(db, st, err);
	}
	sl_stmt_end(db, st);
	sl_buf_free(&cells);
	return rc;
}

static enum sl_rc see_row(sqlite3_stmt *st, sl_reference_see *see, void *self, struct sl_err *err)
{
	struct sl_reference_row row = {0};
	enum sl_rc rc = take_cells(st, 3, &row, err);

	row.key = sl_column_text_dup(st, 1);
	row.label = sl_column_text_dup(st, 2);
	if (rc == SL_OK && (row.key == NULL || row.label == NULL))
		rc = sl_err_set(err, SL_E_NOMEM, "out of memory");
	if (rc == SL_OK)
		rc = see(self, (const char *)sqlite3_column_text(st, 0), &row, err);
	sl_reference_row_free(&row);
	return rc;
}

enum sl_rc sl_reference_each(struct sl_db *db, sl_reference_see *see, void *self, struct sl_err *err)
{
	sqlite3_stmt *st = NULL;
	enum sl_rc rc = sl_stmt_begin(db, "SELECT tbl, key, label, cells FROM reference ORDER BY tbl, position", &st, err);

	while (rc == SL_OK && (rc = sl_stmt_row(db, st, err)) == SL_OK)
		rc = see_row(st, see, self, err);
	sl_stmt_end(db, st);
	return rc == SL_E_NO ? SL_OK : rc;
}

void sl_reference_row_free(struct sl_reference_row *row)
{
	free(row->key);
	free(row->label);
	free(row->cells);
	memset(row, 0, sizeof *row);
}
