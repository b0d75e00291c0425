/* data_quality.c - see data_quality.h. */
#include "jobs/data_quality.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "jobs/looked.h"
#include "jobs/owner_terms.h"
#include "jobs/pack.h"
#include "jobs/sign/canon.h"
#include "jobs/store/quality.h"
#include "jobs/visibility.h"

#define PURPOSE "quality"
#define BOX_BYTES_MAX ((size_t)1 << 20)
/* Points of a share, in hundredths of a per cent, from which on a change stands out. */
#define POINTS 200
/*
 * So many times the threshold of units, each with the rows of the one that has most, fit a table whose bands are told:
 * then the lowest band holds at least as many units as the threshold, and no unit's rows carry a share by themselves.
 */
#define UNITS_PER_THRESHOLD 20u

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory");
}

enum sl_rc sl_data_quality_check(const struct sl_load_setup *setup, const struct sl_load_report *report,
                                 struct sl_err *err)
{
	uint64_t rows = report->old_rows + report->rows;
	bool fits = report->nquality == setup->ncolumns && report->units <= rows &&
	            report->repeated_rows <= rows - report->units && report->unit_rows_max <= rows &&
	            (report->units == 0 || (report->unit_rows_max >= 1 + (rows - 1) / report->units &&
	                                    report->unit_rows_max <= rows - report->units + 1));

	for (uint32_t i = 0; fits && i < setup->ncolumns; i++) {
		const struct sl_load_quality *q = &report->quality[i];
		uint64_t missing_max = i > 0 && setup->columns[i].nullable ? rows : 0;
		uint64_t other_max = i > 0 && setup->columns[i].has_other ? rows : 0;

		fits = q->missing <= missing_max && q->other <= other_max && q->missing + q->other <= rows;
	}
	return fits ? SL_OK : sl_err_set(err, SL_E_INTEGRITY, "sluice-load reports counts that its rows cannot have");
}

/* --- the box ------------------------------------------------------------------------------------------ */

static enum sl_rc pack(const struct sl_cat_table *table, const struct sl_load_report *report, struct sl_buf *out,
                       struct sl_err *err)
{
	json_t *columns = json_object();
	bool ok = columns != NULL;

	for (uint32_t i = 0; i < table->nfields && ok; i++) {
		const struct sl_cat_field *f = &table->fields[i];
		if (f->is_unit || f->load_column == SL_CAT_NOT_LOADED || f->load_column >= report->nquality)
			continue;
		const struct sl_load_quality *q = &report->quality[f->load_column];
		ok = json_object_set_new(columns, f->column.name,
		                         json_pack("{s:I, s:I}", "missing", (json_int_t)q->missing, "other",
		                                   (json_int_t)q->other)) == 0;
	}
	if (!ok) {
		json_decref(columns);
		return no_memory(err);
	}
	json_t *v = json_pack("{s:o, s:I, s:I}", "columns", columns, "repeated", (json_int_t)report->repeated_rows,
	                      "unit rows max", (json_int_t)report->unit_rows_max);
	enum sl_rc rc = v != NULL ? sl_canon_put(v, out, err) : no_memory(err);
	json_decref(v);
	return rc;
}

enum sl_rc sl_data_quality_put(struct sl_enclave *e, const struct sl_cat_table *table, const struct sl_version *v,
                               const struct sl_load_report *report, struct sl_err *err)
{
	struct sl_buf text = { 0 }, box = { 0 };
	char hex[65];
	enum sl_rc rc = pack(table, report, &text, err);

	sl_text_hex(v->id, sizeof v->id, hex);
	if (rc == SL_OK)
		rc = sl_enclave_seal(e, PURPOSE, hex, text.data, text.len, &box, err);
	if (rc == SL_OK)
		rc = sl_store_quality_put(&e->db, v->id, &box, err);
	sl_buf_free(&text);
	sl_buf_free(&box);
	return rc;
}

/* SL_E_NO: nothing was counted of it. */
static enum sl_rc open_box(struct sl_enclave *e, const struct sl_version *v, json_t **out, struct sl_err *err)
{
	struct sl_buf box = { 0 }, text = { 0 };
	char hex[65];
	enum sl_rc rc = sl_store_quality_get(&e->db, v->n, &box, err);

	*out = NULL;
	sl_text_hex(v->id, sizeof v->id, hex);
	if (rc == SL_OK)
		rc = sl_enclave_unseal(e, PURPOSE, hex, box.data, box.len, &text, err);
	if (rc == SL_OK)
		rc = sl_canon_read("quality of a version", text.data, text.len, BOX_BYTES_MAX, out, err);
	sl_buf_free(&box);
	sl_buf_free(&text);
	return rc;
}

/* --- what is told ------------------------------------------------------------------------------------- */

const char *sl_quality_band_name(enum sl_quality_band band)
{
	static const char *const names[] = { "", "under 5 %", "5 to 20 %", "20 to 50 %", "50 % or more" };

	return (size_t)band < sizeof names / sizeof names[0] ? names[band] : "";
}

enum sl_quality_band sl_quality_band(uint64_t part, uint64_t all)
{
	double share = all > 0 ? (double)part / (double)all : 0;

	return share < 0.05 ? SL_QUALITY_UNDER_5 : share < 0.2 ? SL_QUALITY_5_TO_20 :
	       share < 0.5 ? SL_QUALITY_20_TO_50 : SL_QUALITY_50_OR_MORE;
}

static struct sl_quality_count number(uint64_t now, const struct sl_version *before, uint64_t was)
{
	double a = (double)now, b = (double)was;

	/* By a fifth, either way. */
	return (struct sl_quality_count){ .now = now, .before = before != NULL ? was : 0, .has_before = before != NULL,
		                              .stands_out = before != NULL && (a > b * 1.2 || a < b * 0.8) };
}

/* Of `all` rows; by two points, or one that begins where there was none. */
static struct sl_quality_count share(uint64_t now, uint64_t all, const json_t *was, uint64_t was_all)
{
	struct sl_quality_count c = { .now = now, .has_before = was != NULL };

	if (was == NULL)
		return c;
	c.before = (uint64_t)json_integer_value(was);
	double a = all > 0 ? 10000.0 * (double)now / (double)all : 0;
	double b = was_all > 0 ? 10000.0 * (double)c.before / (double)was_all : 0;
	c.stands_out = a - b >= POINTS || b - a >= POINTS || (now > 0 && c.before == 0);
	return c;
}

static enum sl_rc tell_columns(const json_t *now, const json_t *was, const struct sl_version *v,
                               const struct sl_version *before, struct sl_data_quality *out, struct sl_err *err)
{
	json_t *columns = json_object_get(now, "columns");
	uint64_t was_rows = before != NULL ? before->rows : 0;
	const char *name;
	json_t *c;

	out->columns = calloc(json_object_size(columns) + 1, sizeof *out->columns);
	if (out->columns == NULL)
		return no_memory(err);
	json_object_foreach(columns, name, c) {
		const json_t *b = json_object_get(json_object_get(was, "columns"), name);
		struct sl_quality_of_column *q = &out->columns[out->ncolumns];
		enum sl_rc rc = sl_pack_dup(name, &q->name, err);
		if (rc != SL_OK)
			return rc;
		out->ncolumns++;
		q->missing = share((uint64_t)json_integer_value(json_object_get(c, "missing")), v->rows,
		                   json_object_get(b, "missing"), was_rows);
		q->other = share((uint64_t)json_integer_value(json_object_get(c, "other")), v->rows,
		                 json_object_get(b, "other"), was_rows);
	}
	return SL_OK;
}

/* Bands alone are left: who reads the struct cannot tell more than it may. */
static enum sl_rc hide_counts(struct sl_data_quality *q, uint64_t rows, struct sl_err *err)
{
	q->banded = true;
	q->bands = calloc(2 * (size_t)q->ncolumns + 1, 1);
	if (q->bands == NULL)
		return no_memory(err);
	for (uint32_t i = 0; i < q->ncolumns; i++) {
		q->bands[2 * i] = (uint8_t)sl_quality_band(q->columns[i].missing.now, rows);
		q->bands[2 * i + 1] = (uint8_t)sl_quality_band(q->columns[i].other.now, rows);
		q->columns[i].missing = q->columns[i].other = (struct sl_quality_count){ 0 };
	}
	q->rows = q->units = q->repeated = (struct sl_quality_count){ 0 };
	q->has_before = false;
	memset(q->before, 0, sizeof q->before);
	return SL_OK;
}

/* Of the versions kept the newest, and the one before it; who is told no counts is told of what is in force. */
static void choose(const struct sl_versions *all, bool counted, const struct sl_version **v,
                   const struct sl_version **before, int64_t *in_force)
{
	for (uint32_t i = 0; i < all->n; i++)
		if (all->items[i].forgotten == 0 && all->items[i].in_force != 0)
			*in_force = all->items[i].n;
	for (uint32_t i = all->n; i > 0; i--) {
		const struct sl_version *x = &all->items[i - 1];
		if (x->forgotten != 0 || (!counted && x->n > *in_force))
			continue;
		if (*v == NULL)
			*v = x;
		else if (counted && *before == NULL)
			*before = x;
	}
}

/* Of a version that was counted before the largest unit was: only where each unit has one row. */
static bool has_many_units(const struct sl_version *v, const json_t *now, uint64_t units_min)
{
	json_int_t told = json_integer_value(json_object_get(now, "unit rows max"));
	uint64_t most = told > 0 ? (uint64_t)told : v->rows == v->units ? 1 : 0;

	return most > 0 && v->units >= units_min && v->rows / most >= units_min;
}

static enum sl_rc tell(struct sl_enclave *e, const char *table, bool counted, uint64_t units_min,
                       struct sl_data_quality *out, struct sl_err *err)
{
	const struct sl_version *v = NULL, *before = NULL;
	struct sl_versions all = { 0 };
	json_t *now = NULL, *was = NULL;
	int64_t in_force = 0;
	enum sl_rc rc = sl_versions_load(&e->db, table, &all, err);

	choose(&all, counted, &v, &before, &in_force);
	if (rc == SL_OK && v == NULL)
		rc = sl_err_set(err, SL_E_NO, "table %s has no version that could be told of", table);
	else if (rc == SL_OK && (rc = open_box(e, v, &now, err)) == SL_E_NO)
		rc = sl_err_set(err, SL_E_NO, "of this version of %s nothing was counted: it was imported before counting began",
		                table);
	if (rc == SL_OK && !counted && !has_many_units(v, now, units_min)) {
		rc = sl_err_set(err, SL_E_DENIED,
		                "\"%s\" has too few units for bands to be told, or one with too many of its rows", table);
		sl_err_rule(err, "quality");
		sl_err_remedy(err, "ask an owner of the table");
	}
	if (rc == SL_OK && before != NULL && (rc = open_box(e, before, &was, err)) == SL_E_NO) {
		before = NULL;
		rc = SL_OK;
	}
	if (rc == SL_OK) {
		memcpy(out->version, v->id, sizeof out->version);
		out->at = v->at;
		out->in_force = v->n == in_force;
		out->has_before = before != NULL;
		if (before != NULL)
			memcpy(out->before, before->id, sizeof out->before);
		out->rows = number(v->rows, before, before != NULL ? before->rows : 0);
		out->units = number(v->units, before, before != NULL ? before->units : 0);
		out->repeated = share((uint64_t)json_integer_value(json_object_get(now, "repeated")), v->rows,
		                      json_object_get(was, "repeated"), before != NULL ? before->rows : 0);
		rc = tell_columns(now, was, v, before, out, err);
	}
	if (rc == SL_OK && !counted)
		rc = hide_counts(out, v->rows, err);
	json_decref(now);
	json_decref(was);
	sl_versions_free(&all);
	return rc;
}

/* --- who is told -------------------------------------------------------------------------------------- */

static bool sees_counts(const struct sl_actor *actor, const struct sl_standing *s, const struct sl_cat_table *t)
{
	const struct sl_person *p =
		s->has_policy && actor->person != NULL ? sl_policy_person(&s->policy, actor->person) : NULL;

	if (sl_pack_is_operator(actor, s))
		return true;
	return p != NULL && ((sl_policy_roles(&s->policy, p, sl_enclave_today()) & SL_ROLE_OFFICER) != 0 ||
	                     sl_owner_is(&s->policy, p, t->owner, sl_enclave_today()));
}

static enum sl_rc may_see(const struct sl_actor *actor, const struct sl_standing *s, const struct sl_cat_table *t,
                          bool *counted, struct sl_err *err)
{
	*counted = sees_counts(actor, s, t);
	if (*counted || t->quality_is_open)
		return SL_OK;
	(void)sl_err_set(err, SL_E_DENIED, "the quality of \"%s\" is told to operators, officers and its owners alone",
	                 t->name);
	sl_err_rule(err, "quality");
	sl_err_remedy(err, "ask an owner of the table; in the catalogue \"quality\": \"open\" opens it, in bands");
	return SL_E_DENIED;
}

enum sl_rc sl_data_quality_may(const struct sl_standing *s, const struct sl_actor *actor, const char *table,
                               struct sl_err *err)
{
	const struct sl_cat_table *t = sl_owner_table(s, table);
	bool counted;

	return t != NULL ? may_see(actor, s, t, &counted, err)
	                 : sl_err_set(err, SL_E_NO, "there is no table \"%.100s\"", table);
}

enum sl_rc sl_data_quality_get(struct sl_enclave *e, const struct sl_actor *actor, struct sl_standing *s,
                               const char *table, struct sl_data_quality *out, struct sl_err *err)
{
	const struct sl_cat_table *t = NULL;
	bool counted = false;

	memset(out, 0, sizeof *out);
	enum sl_rc rc = sl_actor_may(actor, s, SL_ACTION_DATA_QUALITY, err);
	if (rc == SL_OK)
		rc = sl_visibility_settle(e, s, err);
	if (rc == SL_OK)
		rc = sl_standing_table(e, table, s, err);
	if (rc == SL_OK && (t = sl_owner_table(s, table)) == NULL) {
		rc = sl_err_set(err, SL_E_NO, "there is no table \"%.100s\"", table);
		sl_err_remedy(err, "sluice data ls lists them");
	}
	if (rc == SL_OK && t->reference_key != NULL)
		rc = sl_err_set(err, SL_E_NO, "%s is a reference table: it has no versions, and no row that is missing a value",
		                table);
	if (rc == SL_OK)
		rc = may_see(actor, s, t, &counted, err);
	if (rc == SL_OK)
		rc = tell(e, table, counted, (uint64_t)UNITS_PER_THRESHOLD * s->policy.rules.threshold, out, err);
	/* Bands are in the open; counts are not. */
	if (rc == SL_OK && counted)
		rc = sl_looked_add_leaf(e, "table.counted", actor, json_pack("{s:s}", "table", table), err);
	if (rc != SL_OK)
		sl_data_quality_free(out);
	return rc;
}

void sl_data_quality_free(struct sl_data_quality *q)
{
	for (uint32_t i = 0; i < q->ncolumns; i++)
		free(q->columns[i].name);
	free(q->columns);
	free(q->bands);
	memset(q, 0, sizeof *q);
}
