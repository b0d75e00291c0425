/*
 * data_show.c - sluice data show: one table, its columns and what they may be used for.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "enclave/base/num.h"
#include "enclave/base/text.h"
#include "jobs/data.h"
#include "jobs/owner_holding.h"
#include "ui-cli/commands.h"
#include "ui-cli/owner_words.h"

static const struct sl_cat_table *in_catalogues(const struct sl_standing *s, const char *name)
{
	for (uint32_t i = 0; i < s->ncatalogues; i++) {
		const struct sl_cat_table *t = sl_catalogue_table(&s->catalogues[i], name);

		if (t)
			return t;
	}
	return NULL;
}

static void uses_text(uint8_t uses, char *out, size_t cap)
{
	size_t len = 0;

	out[0] = 0;
	for (unsigned bit = SL_USE_GROUP; bit <= SL_USE_MEASURE; bit <<= 1)
		if (uses & bit && len < cap)
			len += (size_t)snprintf(out + len, cap - len, "%s%s", len ? " " : "", sl_use_name((enum sl_use)bit));
}

static const char *domain_text(const struct sl_column *c, uint32_t i)
{
	return i < c->nlabels ? c->labels[i].text : c->bands[i - c->nlabels].label;
}

/* The words that conditions are written with, and the bands that make groups. */
static void print_domain(const struct sl_column *c)
{
	uint32_t n = c->nlabels + c->nbands;

	if (n == 0)
		return;
	sl_say_text(stdout, c->name, strlen(c->name));
	for (uint32_t i = 0; i < n; i++) {
		fputs(i == 0 ? ": " : ", ", stdout);
		if (i == c->nlabels)
			fputs("in bands ", stdout);
		sl_say_text(stdout, domain_text(c, i), strlen(domain_text(c, i)));
	}
	putchar('\n');
}

static json_t *domain_list(const struct sl_column *c)
{
	json_t *list = json_array();

	for (uint32_t i = 0; i < c->nlabels + c->nbands; i++)
		json_array_append_new(list, sl_cli_text(domain_text(c, i)));
	return list;
}

static void add_field(struct sl_grid *grid, json_t *list, const struct sl_cat_field *f)
{
	char uses[64], groups[32] = "";

	uses_text(f->column.uses, uses, sizeof uses);
	if (f->column.nlabels)
		snprintf(groups, sizeof groups, "%u", f->column.nlabels);
	const char *texts[] = {f->column.name, f->is_unit ? "unit" : sl_type_name((enum sl_type)f->column.type), uses, groups,
	                       f->column.measured_in, f->column.title};

	sl_grid_row(grid, texts);
	json_array_append_new(list, json_pack("{s:o, s:s, s:s, s:o, s:o, s:o}", "name", sl_cli_text(f->column.name), "type",
	                                      texts[1], "uses", uses, "measured_in", sl_cli_text(f->column.measured_in),
	                                      "title", sl_cli_text(f->column.title),
	                                      f->column.nbands > 0 ? "bands" : "labels", domain_list(&f->column)));
}

static enum sl_rc find(const struct sl_data_table *tables, uint32_t n, const char *name,
                       const struct sl_data_table **out, struct sl_err *err)
{
	const char *names[512];
	size_t nnames = 0;
	int near;

	for (uint32_t i = 0; i < n; i++) {
		if (strcmp(tables[i].name, name) == 0) {
			*out = &tables[i];
			return SL_OK;
		}
		if (nnames < 512)
			names[nnames++] = tables[i].name;
	}
	near = sl_text_near(name, names, nnames);
	sl_err_set(err, SL_E_NO, "there is no table \"%.100s\"", name);
	if (near >= 0)
		sl_err_remedy(err, "did you mean \"%s\"?", names[near]);
	else
		sl_err_remedy(err, "sluice data ls lists them");
	return SL_E_NO;
}

static void print_head(const struct sl_data_table *t)
{
	char time[SL_TIME_TEXT];

	sl_say_text(stdout, t->name, strlen(t->name));
	fputs("  ", stdout);
	sl_say_text(stdout, t->title, strlen(t->title));
	fputs("\nowner: ", stdout);
	sl_say_text(stdout, t->owner, strlen(t->owner));
	printf("\nclass: %s\n", sl_class_name((enum sl_class)t->class_));
	if (!t->imported) {
		puts("not imported");
		return;
	}
	if (t->space[0] == '\0') {
		puts("a reference table: domains and lookups are made of its rows; it has no versions");
		return;
	}
	sl_enclave_time_text(t->imported_at, time);
	char hex[2 * sizeof t->version + 1];

	sl_text_hex(t->version, sizeof t->version, hex);
	if (t->counted)
		printf("rows: %" PRIu64 "\nunits: %" PRIu64 "\n", t->rows, t->units);
	printf("imported: %s\nversion: sha256:%s\n", time, hex);
}

static void print_rhythm(const struct sl_data_table *t)
{
	char day[SL_DECIMAL_TEXT] = "";

	if (t->due != INT64_MAX)
		sl_format_date(t->due, day);
	printf("expected every: %s, %s%s\n", t->rhythm + 1, !day[0] ? "never imported" : t->late ? "late, was due " : "due ",
	       day);
}

static void print_waiting(const struct sl_data_table *t)
{
	char time[SL_TIME_TEXT], hex[2 * sizeof t->waiting + 1], day[SL_DECIMAL_TEXT];

	sl_enclave_time_text(t->waiting_at, time);
	sl_text_hex(t->waiting, sizeof t->waiting, hex);
	printf("waits: sha256:%s of %s\n", hex, time);
	if (t->fate.compared)
		printf("  %" PRIu64 " units differ from the version in force, %u have to\n", t->fate.changed, t->fate.needed);
	else
		puts("  there was no version in force to compare it with");
	if (t->fate.has_day && sl_format_date(t->fate.day, day))
		printf("  policy's day for the table is %s\n", day);
}

/* What anybody may know of its units from elsewhere. */
static void print_public(const struct sl_cat_table *t)
{
	for (uint32_t i = 0; i < t->npublics; i++) {
		const struct sl_cat_public *p = &t->publics[i];
		fputs("public: ", stdout);
		sl_say_text(stdout, p->name, strlen(p->name));
		fputs(": units", stdout);
		for (uint32_t k = 0; k < p->nby; k++) {
			const char *column = t->fields[p->by[k]].column.name;
			fputs(k == 0 ? " by " : ", ", stdout);
			sl_say_text(stdout, column, strlen(column));
		}
		if (p->source[0] != '\0') {
			fputs(" (", stdout);
			sl_say_text(stdout, p->source, strlen(p->source));
			putchar(')');
		}
		putchar('\n');
	}
}

static json_t *public_list(const struct sl_cat_table *t)
{
	json_t *list = json_array();

	for (uint32_t i = 0; t && i < t->npublics; i++) {
		const struct sl_cat_public *p = &t->publics[i];
		json_t *by = json_array();
		for (uint32_t k = 0; k < p->nby; k++)
			json_array_append_new(by, sl_cli_text(t->fields[p->by[k]].column.name));
		json_array_append_new(list, json_pack("{s:o, s:o, s:o}", "name", sl_cli_text(p->name), "by", by, "source",
		                                      sl_cli_text(p->source)));
	}
	return list;
}

/* In each project of who asks what its owner lets, and how to ask where nothing is in force. */
static enum sl_rc tell_grants(struct sl_cli *c, const struct sl_cat_table *t, struct sl_err *err)
{
	struct sl_owner_holding *h = NULL;
	json_t *list = json_array();
	uint32_t n = 0;
	enum sl_rc rc = sl_owner_holdings(&c->standing, c->actor.person, t, &h, &n, err);

	for (uint32_t i = 0; i < n && !rc; i++) {
		char held[SL_OWNER_HOLDING_TEXT];
		json_t *o = sl_owner_words_grant_json(&h[i].word);

		sl_owner_holding_text(&h[i].word, held);
		json_object_set_new(o, "project", sl_cli_text(h[i].project->name));
		json_array_append_new(list, o);
		if (c->args.json)
			continue;
		printf("grant for %s: %s\n", h[i].project->name, held);
		if (!sl_owner_usable(&h[i].word))
			sl_cli_next(c, "sluice data request %s -p %s --reason TEXT", t->name, h[i].project->name);
	}
	free(h);
	sl_cli_set(c, "grants", list);
	return rc;
}

enum sl_rc sl_cmd_data_show(struct sl_cli *c, struct sl_err *err)
{
	const char *const names[] = {"COLUMN", "TYPE", "USES", ">LABELS", "MEASURED IN", "TITLE"};
	const struct sl_data_table *t = NULL;
	const struct sl_cat_table *cat = NULL;
	struct sl_data_table *tables = NULL;
	json_t *columns = json_array();
	struct sl_grid grid = {0};
	uint32_t n = 0;
	enum sl_rc rc = sl_data_list(&c->enclave, &c->actor, &c->standing, &tables, &n, err);

	if (!rc)
		rc = find(tables, n, sl_cli_word(c, 0), &t, err);
	if (!rc)
		rc = sl_standing_table(&c->enclave, sl_cli_word(c, 0), &c->standing, err);
	if (!rc)
		cat = in_catalogues(&c->standing, sl_cli_word(c, 0));
	sl_grid_open(&grid, names, 6);
	for (uint32_t i = 0; cat && i < cat->nfields; i++)
		add_field(&grid, columns, &cat->fields[i]);
	if (!rc && !c->args.json) {
		print_head(t);
		if (t->rhythm[0] != '\0')
			print_rhythm(t);
		if (cat && cat->period[0] != '\0') {
			fputs("period: ", stdout);
			sl_say_text(stdout, cat->period, strlen(cat->period));
			putchar('\n');
		}
		if (cat)
			print_public(cat);
		if (t->waits)
			print_waiting(t);
		if (cat && cat->class_ == SL_CLASS_ON_APPLICATION)
			rc = tell_grants(c, cat, err);
		if (!rc && cat)
			rc = sl_grid_print(&grid, stdout, err);
		for (uint32_t i = 0; cat && i < cat->nfields; i++)
			print_domain(&cat->fields[i].column);
	} else if (!rc) {
		sl_cli_set(c, "name", sl_cli_text(t->name));
		sl_cli_set(c, "title", sl_cli_text(t->title));
		sl_cli_set(c, "owner", sl_cli_text(t->owner));
		sl_cli_set(c, "class", json_string(sl_class_name((enum sl_class)t->class_)));
		sl_cli_set(c, "imported", json_boolean(t->imported));
		sl_cli_set(c, "rhythm", sl_cli_text(t->rhythm));
		sl_cli_set(c, "late", json_boolean(t->late));
		sl_cli_set(c, "period", sl_cli_text(cat ? cat->period : ""));
		sl_cli_set(c, "public", public_list(cat));
		if (t->counted) {
			sl_cli_set(c, "rows", json_integer((json_int_t)t->rows));
			sl_cli_set(c, "units", json_integer((json_int_t)t->units));
		}
		if (t->waits) {
			sl_cli_set(c, "waiting", sl_cli_hex(t->waiting, sizeof t->waiting));
			sl_cli_set(c, "waiting_changed_units",
			           t->fate.compared ? json_integer((json_int_t)t->fate.changed) : json_null());
		}
		if (cat && cat->class_ == SL_CLASS_ON_APPLICATION)
			rc = tell_grants(c, cat, err);
		sl_cli_set(c, "versions", json_integer(t->versions));
		sl_cli_set(c, "version", sl_cli_hex(t->version, sizeof t->version));
	}
	sl_cli_set(c, "columns", columns);
	sl_grid_free(&grid);
	sl_data_list_free(tables, n);
	return rc;
}
