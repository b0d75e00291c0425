/* again_verify.c - see again_verify.h. */
#include "jobs/again_verify.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/csv_record.h"
#include "jobs/pack.h"
#include "policy/render.h"

#define RECORD "sdc-record.json"

static enum sl_rc odd(struct sl_err *err, const char *path, uint32_t line, const char *what)
{
	return sl_err_set(err, SL_E_INTEGRITY, "%s:%" PRIu32 ": %s", path, line, what);
}

/* "12…": a number without a leading zero, and what follows it; 0: none, or too large. */
static uint64_t take_number(const char **at)
{
	uint64_t n = 0;

	if (**at == '0')
		return 0;
	for (; **at >= '0' && **at <= '9'; ++*at) {
		if (n > INT64_MAX / 10 - 1)
			return 0;
		n = n * 10 + (uint64_t)(**at - '0');
	}
	return n;
}

static uint64_t release_number(const char *text, const char **rest)
{
	*rest = text + 2;
	return strncmp(text, "L-", 2) == 0 ? take_number(rest) : 0;
}

/* "L-1/data/cells.csv#row=2": of a release before this one, and no header. */
static bool is_place(const char *text, uint64_t release)
{
	static const char between[] = ".csv#row=";
	const char *at;
	uint64_t from = release_number(text, &at);

	if (from == 0 || from >= release || strncmp(at, "/data/", 6) != 0)
		return false;
	const char *name = at + 6, *end = strstr(name, between);
	if (end == NULL || end == name || memchr(name, '/', (size_t)(end - name)) != NULL)
		return false;
	at = end + sizeof between - 1;
	return take_number(&at) >= 2 && *at == '\0';
}

struct table {
	const struct sl_release_file *csv;
	uint64_t release;
	uint32_t numbers;       /* columns that hold them, before the last */
	json_int_t told;        /* of rows of earlier releases */
};

static enum sl_rc see_row(struct table *t, const struct sl_csv_record *r, uint32_t line, struct sl_err *err)
{
	const char *from = sl_csv_record_field(r, r->n - 1);
	json_int_t before = t->told;

	if (from[0] == '\0')
		return SL_OK;
	if (!is_place(from, t->release))
		return odd(err, t->csv->path, line, "it is of no row of an earlier release");
	for (uint32_t f = r->n - 1 - t->numbers; f < r->n - 1; f++)
		t->told += strcmp(sl_csv_record_field(r, f), SL_MARKER) != 0;
	return t->told > before ? SL_OK : odd(err, t->csv->path, line, "it is of an earlier release, and has no number");
}

static enum sl_rc see_table(struct table *t, bool near, struct sl_err *err)
{
	const char *at = (const char *)t->csv->bytes.data, *end = at + t->csv->bytes.len;
	struct sl_csv_record r = { 0 };
	enum sl_rc rc = at < end ? sl_csv_record_next(&at, end, &r, err) : odd(err, t->csv->path, 1, "no header");
	uint32_t n = r.n;

	if (rc == SL_OK && near != (n > 0 && strcmp(sl_csv_record_field(&r, n - 1), SL_EARLIER_COLUMN) == 0))
		rc = odd(err, t->csv->path, 1, "column " SL_EARLIER_COLUMN " and the record disagree");
	if (rc == SL_OK && near && t->numbers >= n)
		rc = odd(err, t->csv->path, 1, "fewer columns than the record counts");
	for (uint32_t line = 2; rc == SL_OK && near && at < end; line++) {
		rc = sl_csv_record_next(&at, end, &r, err);
		if (rc == SL_OK && r.n != n)
			rc = odd(err, t->csv->path, line, "it is of another length");
		if (rc == SL_OK)
			rc = see_row(t, &r, line, err);
	}
	sl_buf_free(&r.text);
	return rc;
}

static enum sl_rc see_output(const struct sl_bundle *b, const json_t *output, bool near, uint64_t release,
                             struct sl_err *err)
{
	struct table t = { .csv = sl_bundle_find(b, sl_pack_text(output, "path")), .release = release };
	json_int_t rows = json_integer_value(json_object_get(output, "rows"));
	json_int_t values = json_integer_value(json_object_get(output, "values"));

	if (t.csv == NULL || (near && (rows <= 0 || values < 0 || values % rows != 0 || values / rows > SL_CSV_COLUMNS_MAX)))
		return odd(err, RECORD, 1, "it counts a table that is not there");
	t.numbers = near ? (uint32_t)(values / rows) : 0;
	enum sl_rc rc = see_table(&t, near, err);
	if (rc == SL_OK && near && t.told != json_integer_value(json_object_get(output, "earlier")))
		rc = odd(err, t.csv->path, 1, "the record counts other numbers of earlier releases");
	return rc == SL_E_NOMEM || rc == SL_OK ? rc : SL_E_INTEGRITY;
}

enum sl_rc sl_again_verify(const struct sl_bundle *b, const char *release, struct sl_err *err)
{
	const struct sl_release_file *f = sl_bundle_find(b, RECORD);
	const char *rest;
	uint64_t own = release_number(release, &rest);
	json_t *record = f == NULL ? NULL
	                           : json_loadb((const char *)f->bytes.data, f->bytes.len, JSON_REJECT_DUPLICATES, NULL);
	enum sl_rc rc = record == NULL ? odd(err, RECORD, 1, "missing, or no JSON") : SL_OK;
	bool near = strcmp(sl_pack_text(record, "near"), "earlier") == 0;
	const json_t *outputs = json_object_get(record, "outputs");

	if (rc == SL_OK && own == 0)
		rc = odd(err, RECORD, 1, "of a release without a number");
	for (size_t i = 0; rc == SL_OK && i < json_array_size(outputs); i++)
		rc = see_output(b, json_array_get(outputs, i), near, own, err);
	json_decref(record);
	return rc;
}
