/* sqlite.c - see sqlite.h. */
#include "enclave/load/sqlite.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/load/memvfs.h"

enum phase { NOTHING = 0, READING_SCHEMA, LOOKING, SELECTING };

/*
 * SQLite keeps the names of a schema in a hash table of 64 lists, so to read one takes time that grows with its length
 * squared: so many take a second. A step of its machine takes a seventh of an object.
 */
#define SCHEMA_OBJECTS_MAX 25000
#define SCHEMA_STEPS_AT_ONCE 1000
#define SCHEMA_STEPS_MAX (8 * SCHEMA_OBJECTS_MAX)

/* Below 2^53 every whole double is that whole number. */
#define WHOLE_DOUBLE 9007199254740992.0

static enum sl_rc next_row(struct sl_row_source *rows, struct sl_row *row, bool *more, struct sl_err *err);

enum sl_rc sl_sqlite_prime(struct sl_err *err)
{
	return sl_memvfs_register(err);
}

/* SQLite's own message may quote the schema, so it is not passed on. */
static enum sl_rc judge(const struct sl_sqlite *s, int code, struct sl_err *err)
{
	/* The row being read: the header was the first call. */
	uint32_t row = s->row > 1 ? (uint32_t)(s->row - 1) : 0;

	sl_err_at(err, "", row, 0);
	switch (code & 0xFF) {
	case SQLITE_NOMEM:
		return sl_err_set(err, SL_E_NOMEM, "out of memory while reading the SQLite file");
	case SQLITE_NOTADB:
		return sl_err_set(err, SL_E_INPUT, "not an SQLite file, or an encrypted one");
	case SQLITE_TOOBIG:
		return sl_err_set(err, SL_E_INPUT, "row %u is longer than 16 MiB", row);
	case SQLITE_INTERRUPT:
		return sl_err_set(err, SL_E_INPUT, "the SQLite file has more than %d tables, views, indexes and triggers",
		                  SCHEMA_OBJECTS_MAX);
	case SQLITE_AUTH:
		return sl_err_set(err, SL_E_INPUT, "the table cannot be read without running what its schema says");
	default:
		return row > 0 ? sl_err_set(err, SL_E_INPUT, "the SQLite file is damaged (code %d, at row %u)", code, row)
		               : sl_err_set(err, SL_E_INPUT, "the SQLite file is damaged (code %d, before its rows)", code);
	}
}

static bool is_named_column(const struct sl_load_setup *setup, const char *name)
{
	for (uint32_t i = 0; i < setup->ncolumns; i++)
		if (sqlite3_stricmp(setup->columns[i].header, name) == 0)
			return true;
	return false;
}

static int authorize(void *arg, int action, const char *a, const char *b, const char *database, const char *inner)
{
	const struct sl_sqlite *s = arg;
	bool ok = false;

	if (s->phase == READING_SCHEMA)
		ok = action == SQLITE_SELECT ||
		     (action == SQLITE_READ && a != NULL && strcmp(a, "sqlite_master") == 0 && b != NULL && b[0] == '\0');
	else if (s->phase == LOOKING)
		ok = action == SQLITE_PRAGMA && a != NULL && (strcmp(a, "table_list") == 0 || strcmp(a, "table_xinfo") == 0);
	else if (s->phase == SELECTING && action == SQLITE_SELECT)
		ok = true;
	else if (s->phase == SELECTING && action == SQLITE_READ)
		ok = inner == NULL && database != NULL && strcmp(database, "main") == 0 &&
		     sqlite3_stricmp(a, s->setup->table) == 0 && is_named_column(s->setup, b);
	return ok ? SQLITE_OK : SQLITE_DENY;
}

static const struct {
	int option, value;
} settings[] = {
	{ SQLITE_DBCONFIG_DEFENSIVE, 1 },           { SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
	{ SQLITE_DBCONFIG_DQS_DML, 0 },             { SQLITE_DBCONFIG_DQS_DDL, 0 },
	{ SQLITE_DBCONFIG_ENABLE_VIEW, 0 },         { SQLITE_DBCONFIG_ENABLE_TRIGGER, 0 },
	{ SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0 }, { SQLITE_DBCONFIG_ENABLE_FTS3_TOKENIZER, 0 },
	{ SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1 },    { SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0 },
};

/*
 * Depth of expressions and arms of a compound stay SQLite's own (1000, 500): the whole schema is compiled before a row
 * is read, and a view that another application may have made is no damage.
 */
static const struct {
	int limit, value;
} limits[] = {
	{ SQLITE_LIMIT_LENGTH, (int)SL_SOURCE_ROW_BYTES }, { SQLITE_LIMIT_SQL_LENGTH, 1 << 20 },
	{ SQLITE_LIMIT_ATTACHED, 0 },       { SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50 }, { SQLITE_LIMIT_VARIABLE_NUMBER, 0 },
	{ SQLITE_LIMIT_TRIGGER_DEPTH, 1 },  { SQLITE_LIMIT_WORKER_THREADS, 0 },       { SQLITE_LIMIT_VDBE_OP, 100000 },
};

static enum sl_rc harden(struct sl_sqlite *s, struct sl_err *err)
{
	int rc = SQLITE_OK;

	for (size_t i = 0; i < sizeof settings / sizeof settings[0] && rc == SQLITE_OK; i++)
		rc = sqlite3_db_config(s->db, settings[i].option, settings[i].value, NULL);
	for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++)
		(void)sqlite3_limit(s->db, limits[i].limit, limits[i].value);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(s->db,
		                  "PRAGMA locking_mode=EXCLUSIVE; PRAGMA temp_store=MEMORY; PRAGMA cell_size_check=ON;"
		                  "PRAGMA mmap_size=0; PRAGMA query_only=ON",
		                  NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_set_authorizer(s->db, authorize, s);
	return rc == SQLITE_OK ? SL_OK : judge(s, rc, err);
}

/* An identifier cannot be bound, so it is quoted: every quote in it doubled. */
static void put_quoted(struct sl_buf *sql, const char *name)
{
	sl_buf_u8(sql, '"');
	for (; *name != '\0'; name++) {
		if (*name == '"')
			sl_buf_u8(sql, '"');
		sl_buf_u8(sql, (uint8_t)*name);
	}
	sl_buf_u8(sql, '"');
}

static enum sl_rc prepare(struct sl_sqlite *s, struct sl_buf *sql, sqlite3_stmt **out, struct sl_err *err)
{
	enum sl_rc rc = sl_buf_ok(sql, "the query", err);
	int code;

	*out = NULL;
	if (rc != SL_OK)
		return rc;
	code = sqlite3_prepare_v2(s->db, (const char *)sql->data, (int)sql->len, out, NULL);
	return code == SQLITE_OK ? SL_OK : judge(s, code, err);
}

static int count_steps(void *arg)
{
	struct sl_sqlite *s = arg;

	s->steps += SCHEMA_STEPS_AT_ONCE;
	return s->steps > SCHEMA_STEPS_MAX;
}

/* The first statement makes SQLite read the schema; it is not run. */
static enum sl_rc read_schema(struct sl_sqlite *s, struct sl_err *err)
{
	struct sl_buf sql = { 0 };
	sqlite3_stmt *stmt = NULL;
	enum sl_rc rc;

	sqlite3_progress_handler(s->db, SCHEMA_STEPS_AT_ONCE, count_steps, s);
	sl_buf_text(&sql, "SELECT 1 FROM main.sqlite_master");
	rc = prepare(s, &sql, &stmt, err);
	sqlite3_progress_handler(s->db, 0, NULL, NULL);
	sqlite3_finalize(stmt);
	sl_buf_free(&sql);
	return rc;
}

/* table_list: schema, name, type, ncol, wr, strict. */
static enum sl_rc check_type(struct sl_sqlite *s, struct sl_err *err)
{
	const char *table = s->setup->table;
	struct sl_buf sql = { 0 };
	sqlite3_stmt *stmt = NULL;
	enum sl_rc rc;
	int code = SQLITE_DONE;
	bool found = false;

	if (sqlite3_strnicmp(table, "sqlite_", 7) == 0)
		return sl_err_set(err, SL_E_INPUT, "\"%s\" is a table of SQLite itself", table);
	sl_buf_text(&sql, "PRAGMA main.table_list(");
	put_quoted(&sql, table);
	sl_buf_text(&sql, ")");
	rc = prepare(s, &sql, &stmt, err);
	while (rc == SL_OK && (code = sqlite3_step(stmt)) == SQLITE_ROW) {
		const char *schema = (const char *)sqlite3_column_text(stmt, 0);
		const char *name = (const char *)sqlite3_column_text(stmt, 1);
		const char *type = (const char *)sqlite3_column_text(stmt, 2);

		if (schema == NULL || name == NULL || type == NULL || strcmp(schema, "main") != 0 ||
		    sqlite3_stricmp(name, table) != 0)
			continue;
		found = true;
		if (strcmp(type, "table") != 0)
			rc = sl_err_set(err, SL_E_INPUT, "\"%s\" is not a plain table but a %s", table, type);
	}
	if (rc == SL_OK && code != SQLITE_DONE)
		rc = judge(s, code, err);
	if (rc == SL_OK && !found)
		rc = sl_err_set(err, SL_E_INPUT, "the SQLite file has no table \"%s\"", table);
	sqlite3_finalize(stmt);
	sl_buf_free(&sql);
	return rc;
}

/* table_xinfo: cid, name, type, notnull, dflt_value, pk, hidden. */
static enum sl_rc add_column(struct sl_sqlite *s, sqlite3_stmt *stmt, struct sl_err *err)
{
	const char *name = (const char *)sqlite3_column_text(stmt, 1);

	if (name == NULL)
		return judge(s, SQLITE_NOMEM, err);
	if (sqlite3_column_int(stmt, 6) != 0 && is_named_column(s->setup, name))
		return sl_err_set(err, SL_E_INPUT, "a named column is generated by an expression; only stored columns are read");
	if (s->ncells == SL_SOURCE_COLUMNS_MAX)
		return sl_err_set(err, SL_E_INPUT, "more than %d columns", SL_SOURCE_COLUMNS_MAX);
	s->cells[s->ncells++] = (struct sl_cell){ .kind = SL_CELL_TEXT, .len = strlen(name) };
	sl_buf_put(&s->names, name, strlen(name) + 1);
	return sl_buf_ok(&s->names, "column names", err);
}

static enum sl_rc list_columns(struct sl_sqlite *s, struct sl_err *err)
{
	struct sl_buf sql = { 0 };
	sqlite3_stmt *stmt = NULL;
	enum sl_rc rc;
	int code = SQLITE_DONE;

	sl_buf_text(&sql, "PRAGMA main.table_xinfo(");
	put_quoted(&sql, s->setup->table);
	sl_buf_text(&sql, ")");
	rc = prepare(s, &sql, &stmt, err);
	while (rc == SL_OK && (code = sqlite3_step(stmt)) == SQLITE_ROW)
		rc = add_column(s, stmt, err);
	if (rc == SL_OK && code != SQLITE_DONE)
		rc = judge(s, code, err);
	sqlite3_finalize(stmt);
	sl_buf_free(&sql);
	const char *at = (const char *)s->names.data;
	for (uint32_t i = 0; rc == SL_OK && i < s->ncells; at += s->cells[i++].len + 1)
		s->cells[i].text = at;
	return rc;
}

/* Only the named columns are selected; NOT INDEXED keeps the table's own order. */
static enum sl_rc make_select(struct sl_sqlite *s, struct sl_err *err)
{
	struct sl_buf sql = { 0 };
	int32_t n = 0;
	enum sl_rc rc;

	sl_buf_text(&sql, "SELECT ");
	for (uint32_t i = 0; i < s->ncells; i++) {
		s->selected[i] = -1;
		for (uint32_t k = 0; k < s->setup->ncolumns && s->selected[i] < 0; k++)
			if (strcmp(s->setup->columns[k].header, s->cells[i].text) == 0)
				s->selected[i] = n++;
		if (s->selected[i] < 0)
			continue;
		sl_buf_text(&sql, n > 1 ? ", " : "");
		put_quoted(&sql, s->cells[i].text);
	}
	sl_buf_text(&sql, " FROM main.");
	put_quoted(&sql, s->setup->table);
	sl_buf_text(&sql, " NOT INDEXED");
	/* With no column in common there is nothing to select; whoever reads the header says so. */
	rc = n > 0 ? prepare(s, &sql, &s->select, err) : SL_OK;
	sl_buf_free(&sql);
	return rc;
}

enum sl_rc sl_sqlite_open(struct sl_sqlite *s, const struct sl_load_setup *setup, struct sl_err *err)
{
	enum sl_rc rc;
	int code;

	memset(s, 0, sizeof *s);
	s->rows.next = next_row;
	s->setup = setup;
	s->cells = calloc(SL_SOURCE_COLUMNS_MAX, sizeof *s->cells);
	s->selected = calloc(SL_SOURCE_COLUMNS_MAX, sizeof *s->selected);
	s->texts = calloc(SL_SOURCE_COLUMNS_MAX, sizeof *s->texts);
	if (s->cells == NULL || s->selected == NULL || s->texts == NULL)
		return sl_err_set(err, SL_E_NOMEM, "out of memory for reading SQLite");
	code = sqlite3_open_v2(SL_MEMVFS_DATABASE, &s->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, SL_MEMVFS_NAME);
	if (code != SQLITE_OK)
		return judge(s, code, err);
	rc = harden(s, err);
	s->phase = READING_SCHEMA;
	if (rc == SL_OK)
		rc = read_schema(s, err);
	s->phase = LOOKING;
	if (rc == SL_OK)
		rc = check_type(s, err);
	if (rc == SL_OK)
		rc = list_columns(s, err);
	s->phase = SELECTING;
	if (rc == SL_OK)
		rc = make_select(s, err);
	s->phase = NOTHING;
	return rc;
}

/* The text SQLite would make of most doubles, for a fraction of its time: amounts have few digits. */
static bool read_short(double v, char room[static SL_DECIMAL_TEXT], struct sl_cell *out)
{
	int64_t digits;
	int scale;

	if (!sl_short_decimal(v, &digits, &scale))
		return false;
	*out = (struct sl_cell){ .kind = SL_CELL_TEXT, .text = room, .len = sl_format_decimal(digits, scale, room) };
	return true;
}

/* room: for a text of the cell's own. */
static struct sl_cell read_cell(sqlite3_stmt *stmt, int i, char room[static SL_DECIMAL_TEXT], bool *out_of_memory)
{
	struct sl_cell cell = { .kind = SL_CELL_NULL };

	switch (sqlite3_column_type(stmt, i)) {
	case SQLITE_INTEGER:
		return (struct sl_cell){ .kind = SL_CELL_INTEGER, .integer = sqlite3_column_int64(stmt, i) };
	case SQLITE_FLOAT: {
		double v = sqlite3_column_double(stmt, i);

		if (v > -WHOLE_DOUBLE && v < WHOLE_DOUBLE && v == (double)(int64_t)v)
			return (struct sl_cell){ .kind = SL_CELL_INTEGER, .integer = (int64_t)v };
		if (read_short(v, room, &cell))
			return cell;
		break;
	}
	case SQLITE_BLOB:
		return (struct sl_cell){ .kind = SL_CELL_UNFIT, .text = "a blob, which no column takes" };
	case SQLITE_NULL:
		return cell;
	default:
		break;
	}
	cell.kind = SL_CELL_TEXT;
	cell.text = (const char *)sqlite3_column_text(stmt, i);
	cell.len = (size_t)sqlite3_column_bytes(stmt, i);
	*out_of_memory |= cell.text == NULL;
	return cell;
}

static enum sl_rc next_row(struct sl_row_source *rows, struct sl_row *row, bool *more, struct sl_err *err)
{
	struct sl_sqlite *s = (struct sl_sqlite *)rows;
	bool out_of_memory = false;
	int code;

	*row = (struct sl_row){ .line = s->row, .cells = s->cells, .ncells = s->ncells };
	*more = true;
	if (s->row++ == 0)
		return SL_OK;
	code = s->select != NULL ? sqlite3_step(s->select) : SQLITE_DONE;
	*more = code == SQLITE_ROW;
	if (code == SQLITE_DONE)
		return SL_OK;
	if (code != SQLITE_ROW)
		return judge(s, code, err);
	for (uint32_t i = 0; i < s->ncells; i++)
		s->cells[i] = s->selected[i] >= 0 ? read_cell(s->select, s->selected[i], s->texts[i], &out_of_memory)
			                              : (struct sl_cell){ .kind = SL_CELL_NULL };
	return out_of_memory ? judge(s, SQLITE_NOMEM, err) : SL_OK;
}

void sl_sqlite_close(struct sl_sqlite *s)
{
	sqlite3_finalize(s->select);
	(void)sqlite3_close(s->db);
	free(s->cells);
	free(s->selected);
	free(s->texts);
	sl_buf_free(&s->names);
	memset(s, 0, sizeof *s);
}
