/*
 * bundle_acro.c - see sl_release_export_acro: a bundle as ACRO writes its results, which is what SACRO Viewer opens.
 *
 * ACRO names each check that failed, and the cells. Which rule hid which cell is not published, so every [c] stands
 * under one check of our own; ACRO's own are there, and have found nothing.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/csv_record.h"
#include "enclave/base/text.h"
#include "jobs/bundle.h"
#include "jobs/pack.h"
#include "jobs/release.h"
#include "policy/render.h"

/* The oldest form that the viewer takes; later ones have added members. */
#define ACRO_VERSION "0.4.0"
#define CHECK "disclosure-control"
#define RESULTS "results.json"

/* One file of the bundle while its entry is made. */
struct entry {
	const struct sl_release_file *csv;
	const char *name;               /* of the output; borrowed */
	const json_t *resource, *record; /* what datapackage.json and sdc-record.json say of it */
	uint32_t nkeys;                 /* columns that name the cell */
	uint32_t nnumbers;              /* those and the ones of numbers; one more may say what is of an earlier release */
	uint32_t nhidden, nearlier;     /* numbers; rows */
	json_t *cells, *outcome;
};

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory");
}

static enum sl_rc odd(struct sl_err *err, const char *path, const char *what)
{
	return sl_err_set(err, SL_E_INTEGRITY, "%s: %s", path, what);
}

/* The viewer puts texts into its page as they are: an author's must not be markup there. NULL: out of memory. */
static json_t *page_text(const char *text)
{
	struct sl_buf out = { 0 };

	for (; *text != '\0'; text++)
		switch (*text) {
		case '&': sl_buf_text(&out, "&amp;"); break;
		case '<': sl_buf_text(&out, "&lt;"); break;
		case '>': sl_buf_text(&out, "&gt;"); break;
		case '"': sl_buf_text(&out, "&quot;"); break;
		default: sl_buf_u8(&out, (uint8_t)*text); break;
		}
	json_t *v = out.failed ? NULL : json_stringn(out.len > 0 ? (const char *)out.data : "", out.len);
	sl_buf_free(&out);
	return v;
}

static json_t *found(const json_t *list, const char *key, const char *value)
{
	const json_t *item;
	size_t i;

	json_array_foreach(list, i, item)
		if (strcmp(sl_pack_text(item, key), value) == 0)
			return json_array_get(list, i);
	return NULL;
}

/* The viewer counts columns from behind the first one. */
static enum sl_rc see_field(struct entry *x, json_t *column, uint32_t row, uint32_t field, bool hidden,
                            struct sl_err *err)
{
	char name[16];

	(void)snprintf(name, sizeof name, "%" PRIu32, row);
	if (hidden && json_array_append_new(x->cells, json_pack("[i, i]", (int)row, (int)field - 1)) != 0)
		return no_memory(err);
	x->nhidden += hidden;
	return json_object_set_new(column, name, json_string(hidden ? CHECK "; " : "ok")) == 0 ? SL_OK : no_memory(err);
}

/* Every hidden number's place, and ACRO's outcome: of each column, what was found in each row. */
static enum sl_rc see_cells(struct entry *x, struct sl_err *err)
{
	const char *at = (const char *)x->csv->bytes.data, *end = at + x->csv->bytes.len;
	struct sl_csv_record r = { 0 };
	json_t **columns = NULL;
	uint32_t nfields;
	enum sl_rc rc = at < end ? sl_csv_record_next(&at, end, &r, err) : odd(err, x->csv->path, "it has no header");

	nfields = r.n;
	if (rc == SL_OK && (columns = calloc((size_t)nfields + 1, sizeof(json_t *))) == NULL)
		rc = no_memory(err);
	for (uint32_t i = x->nkeys; rc == SL_OK && i < nfields && i < x->nnumbers; i++) {
		columns[i] = json_object();
		if (json_object_set_new(x->outcome, sl_csv_record_field(&r, i), columns[i]) != 0)
			rc = no_memory(err);
	}
	for (uint32_t row = 0; rc == SL_OK && at < end; row++) {
		rc = sl_csv_record_next(&at, end, &r, err);
		if (rc == SL_OK && r.n != nfields)
			rc = odd(err, x->csv->path, "its rows differ in length");
		x->nearlier += rc == SL_OK && nfields > x->nnumbers && sl_csv_record_field(&r, x->nnumbers)[0] != '\0';
		for (uint32_t i = x->nkeys; rc == SL_OK && i < nfields && i < x->nnumbers; i++)
			rc = see_field(x, columns[i], row, i, strcmp(sl_csv_record_field(&r, i), SL_MARKER) == 0, err);
	}
	free(columns);
	sl_buf_free(&r.text);
	return rc;
}

/* Columns that hold numbers are as many as the record has values in a row; the ones before them name the cell. */
static enum sl_rc count_keys(struct entry *x, struct sl_err *err)
{
	const json_t *fields = json_object_get(json_object_get(x->resource, "schema"), "fields");
	json_int_t rows = json_integer_value(json_object_get(x->record, "rows"));
	json_int_t values = json_integer_value(json_object_get(x->record, "values"));
	json_int_t n = (json_int_t)json_array_size(fields);

	/* The last one may say which rows are of an earlier release: it holds no number. */
	if (n > 0 && strcmp(sl_pack_text(json_array_get(fields, (size_t)n - 1), "name"), SL_EARLIER_COLUMN) == 0)
		n--;
	x->nnumbers = (uint32_t)n;
	if (rows <= 0 || values % rows != 0 || values / rows > n)
		return odd(err, x->csv->path, "sdc-record.json counts it otherwise");
	x->nkeys = (uint32_t)(n - values / rows);
	return SL_OK;
}

static json_t *sdc_json(const struct entry *x)
{
	return json_pack("{s:{s:b, s:i, s:i, s:i, s:i, s:i, s:i, s:i}, s:{s:[], s:[], s:[], s:[], s:[], s:[], s:O}}",
	                 "summary", "suppressed", x->nhidden > 0, "negative", 0, "missing", 0, "threshold", 0, "p-ratio", 0,
	                 "nk-rule", 0, "all-values-are-same", 0, CHECK, (int)x->nhidden, "cells", "negative", "missing",
	                 "threshold", "p-ratio", "nk-rule", "all-values-are-same", CHECK, x->cells);
}

/* The viewer lists each comment: one without words would be a point with nothing behind it. */
static json_t *comments_json(const struct sl_bundle_facts *f, const struct entry *x, const char *context)
{
	const char *words[] = { context, sl_pack_text(x->resource, "description") };
	char said[512], again[256];
	json_t *list = json_array();
	bool bad = list == NULL;

	(void)snprintf(said, sizeof said,
	               "Released as %s of the enclave %s: reviewers have signed for it. This is a copy for the viewer; what "
	               "counts is the bundle.",
	               sl_pack_text(f->predicate, "release"), sl_pack_text(f->predicate, "enclave"));
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		bad = bad || (words[i][0] != '\0' && json_array_append_new(list, page_text(words[i])) != 0);
	(void)snprintf(again, sizeof again,
	               "%" PRIu32 " row%s are of an earlier release, in place of numbers too near to it: column "
	               SL_EARLIER_COLUMN " says which.", x->nearlier, x->nearlier == 1 ? "" : "s");
	bad = bad || (x->nearlier > 0 && json_array_append_new(list, json_string(again)) != 0);
	if (!bad && json_array_append_new(list, json_string(said)) == 0)
		return list;
	json_decref(list);
	return NULL;
}

/* x->cells and x->outcome are in it afterwards. */
static enum sl_rc put_entry(const struct sl_bundle_facts *f, const struct entry *x, const char *context,
                            json_t *results, struct sl_err *err)
{
	char summary[96] = "pass", command[256];

	if (x->nhidden > 0)
		(void)snprintf(summary, sizeof summary, "pass; " CHECK ": %" PRIu32 " cell%s suppressed; ", x->nhidden,
		               x->nhidden == 1 ? "" : "s");
	(void)snprintf(command, sizeof command, "sluice release %s, output %s", sl_pack_text(f->predicate, "release"),
	               x->name);
	json_t *v = json_pack("{s:s, s:s, s:s, s:{s:s}, s:[{s:s, s:o}], s:O, s:s, s:s, s:s, s:o, s:s}", "uid", x->name,
	                      "status", "pass", "type", "table", "properties", "method", "crosstab", "files", "name",
	                      strchr(x->csv->path, '/') + 1, "sdc", sdc_json(x), "outcome", x->outcome, "command", command,
	                      "summary", summary, "timestamp", sl_pack_text(f->predicate, "released at"), "comments",
	                      comments_json(f, x, context), "exception", "");
	return v != NULL && json_object_set_new(results, x->name, v) == 0 ? SL_OK : no_memory(err);
}

static enum sl_rc add_entry(const struct sl_bundle_facts *f, const struct sl_release_file *csv, const json_t *package,
                            const json_t *record, json_t *results, struct sl_err *err)
{
	struct entry x = { .csv = csv, .cells = json_array(), .outcome = json_object() };
	enum sl_rc rc = x.cells == NULL || x.outcome == NULL ? no_memory(err) : SL_OK;

	x.resource = found(json_object_get(package, "resources"), "path", csv->path);
	x.record = found(json_object_get(record, "outputs"), "path", csv->path);
	x.name = sl_pack_text(x.resource, "name");
	if (rc == SL_OK && (x.resource == NULL || x.record == NULL || x.name[0] == '\0'))
		rc = odd(err, csv->path, "datapackage.json or sdc-record.json does not speak of it");
	if (rc == SL_OK)
		rc = count_keys(&x, err);
	if (rc == SL_OK)
		rc = see_cells(&x, err);
	if (rc == SL_OK && json_integer_value(json_object_get(x.record, "suppressed")) != (json_int_t)x.nhidden)
		rc = odd(err, csv->path, "sdc-record.json counts other hidden numbers");
	if (rc == SL_OK)
		rc = put_entry(f, &x, sl_pack_text(record, "context"), results, err);
	json_decref(x.cells);
	json_decref(x.outcome);
	return rc;
}

/* A file, and beside it the digest that the viewer compares. */
static enum sl_rc put_file(struct sl_bundle *to, const char *name, const void *data, size_t len, struct sl_err *err)
{
	char path[SL_RENDER_NAME_BYTES + 32], digest[65];
	const struct sl_release_file *file;
	enum sl_rc rc = sl_bundle_add(to, name, data, len, err);

	file = rc == SL_OK ? sl_bundle_find(to, name) : NULL;
	if (file == NULL)
		return rc;
	sl_text_hex(file->sha256, sizeof file->sha256, digest);
	(void)snprintf(path, sizeof path, "checksums/%s.txt", name);
	return sl_bundle_add(to, path, digest, 64, err);
}

/* Ours, and of a size that is no matter: a member twice or out of order was signed so by the enclave. */
static enum sl_rc read_json(const struct sl_bundle *b, const char *path, json_t **out, struct sl_err *err)
{
	const struct sl_release_file *f = sl_bundle_find(b, path);

	*out = f == NULL ? NULL : json_loadb((const char *)f->bytes.data, f->bytes.len, JSON_REJECT_DUPLICATES, NULL);
	return *out != NULL ? SL_OK : odd(err, path, f == NULL ? "missing" : "no JSON");
}

/* In ASCII: the viewer reads it in the encoding of the machine it runs on. */
static enum sl_rc put_results(struct sl_bundle *to, json_t *results, struct sl_err *err)
{
	json_t *v = json_pack("{s:s, s:O}", "version", ACRO_VERSION, "results", results);
	char *text = v != NULL ? json_dumps(v, JSON_INDENT(4) | JSON_ENSURE_ASCII) : NULL;
	enum sl_rc rc = text == NULL ? no_memory(err) : put_file(to, RESULTS, text, strlen(text), err);

	json_decref(v);
	free(text);
	return rc;
}

static enum sl_rc convert(const struct sl_bundle_facts *f, struct sl_bundle *to, struct sl_err *err)
{
	json_t *package = NULL, *record = NULL, *results = json_object();
	enum sl_rc rc = results == NULL ? no_memory(err) : read_json(&f->b, "datapackage.json", &package, err);

	if (rc == SL_OK)
		rc = read_json(&f->b, "sdc-record.json", &record, err);
	for (uint32_t i = 0; i < f->b.nfiles && rc == SL_OK; i++) {
		const struct sl_release_file *csv = &f->b.files[i];
		if (strncmp(csv->path, "data/", 5) != 0)
			continue;
		rc = add_entry(f, csv, package, record, results, err);
		if (rc == SL_OK)
			rc = put_file(to, csv->path + 5, csv->bytes.data, csv->bytes.len, err);
	}
	if (rc == SL_OK)
		rc = put_results(to, results, err);
	json_decref(package);
	json_decref(record);
	json_decref(results);
	return rc;
}

enum sl_rc sl_release_export_acro(const char *dir, const char *anchor, size_t nanchor, const char *to,
                                  struct sl_buf *steps, struct sl_err *err)
{
	struct sl_bundle_facts f;
	struct sl_bundle out = { 0 };
	enum sl_rc rc = sl_bundle_open(dir, anchor, nanchor, &f, steps, err);

	if (rc == SL_OK)
		rc = convert(&f, &out, err);
	if (rc == SL_OK)
		rc = sl_bundle_write(&out, to, err);
	sl_bundle_free(&out);
	sl_bundle_facts_free(&f);
	return rc;
}
