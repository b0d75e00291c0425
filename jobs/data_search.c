/*
 * data_search.c - see data_search.h. A scan of the folded texts of all entries, 17,000 in some milliseconds, in any
 * script; the rest of an entry is read of those alone that are shown.
 */
#include "jobs/data_search.h"

#include <stdlib.h>
#include <string.h>

#include "enclave/base/text.h"
#include "jobs/entries.h"
#include "jobs/fold.h"
#include "jobs/store/entry.h"

#define TOLD_BEFORE 24
#define TOLD_BYTES 96
#define FIELDS 4 /* name, title, description, values */

/* An entry that was found. */
struct hit {
	int64_t row, order;
	uint32_t score;
	uint32_t best; /* score of one word, in the entry's own texts; 0: none there */
	uint32_t field;
	size_t offset;
	uint8_t place; /* enum sl_search_place */
};

struct searching {
	const struct sl_actor *actor;
	const struct sl_policy *policy; /* NULL: none */
	struct sl_buf words[SL_SEARCH_WORDS_MAX];
	size_t nwords;
	char *table_folded;             /* of the table whose columns come now */
	int64_t order;
	struct hit *hits;
	uint32_t nhits, cap;
	struct sl_buf names;            /* of the entries until one was found, folded, each ended by a NUL */
	int64_t *rows;                  /* theirs */
	uint32_t nrows, rows_cap;
	struct sl_search *out;
};

const char *sl_search_place_name(enum sl_search_place place)
{
	static const char *const names[] = {"", "table", "column", "title", "description", "values"};

	return (size_t)place < sizeof names / sizeof names[0] ? names[place] : "";
}

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory");
}

/* Does a word begin there? In scripts that put no blanks between words each letter may. */
static bool is_start(const char *text, const char *at)
{
	unsigned char before = at == text ? ' ' : (unsigned char)at[-1];

	return !((before >= 'a' && before <= 'z') || (before >= '0' && before <= '9'));
}

/* 1 (a whole name) upwards: which field, then whether it is all of it, its start or within a word. 0: nowhere. */
static uint32_t score_in(const char *folded, const char *word, size_t len, uint32_t *field, size_t *offset)
{
	const char *from = folded;

	for (uint32_t f = 0; f < FIELDS; f++) {
		const char *end = strchrnul(from, '\n');
		const char *at = memmem(from, (size_t)(end - from), word, len);
		if (at != NULL) {
			*field = f;
			*offset = (size_t)(at - from);
			return 1 + 4 * f + ((size_t)(end - from) == len ? 0 : at == from ? 1 : is_start(from, at) ? 2 : 3);
		}
		if (*end == '\0')
			break;
		from = end + 1;
	}
	return 0;
}

/* A word that only the table of a column has counts as the least. */
static bool matches(const struct searching *s, bool is_table, const char *folded, struct hit *hit)
{
	for (size_t i = 0; i < s->nwords; i++) {
		const char *word = (const char *)s->words[i].data;
		uint32_t field = 0;
		size_t offset = 0;
		uint32_t own = score_in(folded, word, s->words[i].len, &field, &offset);
		if (own == 0 && (is_table || s->table_folded == NULL || strstr(s->table_folded, word) == NULL))
			return false;
		hit->score += own > 0 ? own : 4 * FIELDS;
		if (own > 0 && (hit->best == 0 || own < hit->best)) {
			hit->best = own;
			hit->field = field;
			hit->offset = offset;
		}
	}
	return hit->best > 0;
}

/* Some letters of a long text around a byte of its folded form. */
static char *told_around(const char *text, size_t offset)
{
	size_t len = strlen(text), at = sl_fold_origin(text, len, offset), from = at > TOLD_BEFORE ? at - TOLD_BEFORE : 0;
	size_t to = from + TOLD_BYTES < len ? from + TOLD_BYTES : len;
	struct sl_buf out = {0};

	while (from > 0 && ((unsigned char)text[from] & 0xC0) == 0x80)
		from--;
	const char *blank = from > 0 ? memchr(text + from, ' ', at - from) : NULL;
	if (blank != NULL)
		from = (size_t)(blank - text) + 1;
	while (to < len && ((unsigned char)text[to] & 0xC0) == 0x80)
		to++;
	sl_buf_text(&out, from > 0 ? "…" : "");
	sl_buf_put(&out, text + from, to - from);
	sl_buf_text(&out, to < len ? "…" : "");
	const char *whole = sl_buf_cstr(&out);
	char *copy = whole != NULL ? strdup(whole) : NULL;
	sl_buf_free(&out);
	return copy;
}

static bool is_granted(const struct sl_project *p, const struct sl_found *f)
{
	for (uint32_t i = 0; i < p->ntables; i++) {
		if (strcmp(p->tables[i].name, f->table) != 0)
			continue;
		bool found = f->column[0] == '\0';
		for (uint32_t k = 0; !found && k < p->tables[i].ncolumns; k++)
			found = strcmp(p->tables[i].columns[k].name, f->column) == 0 && p->tables[i].columns[k].uses != 0;
		return found;
	}
	return false;
}

static enum sl_rc tell_projects(const struct searching *s, struct sl_found *out, struct sl_err *err)
{
	struct sl_buf all = {0};
	const char *first = "";

	for (uint32_t i = 0; s->policy != NULL && i < s->policy->nprojects; i++) {
		const struct sl_project *p = &s->policy->projects[i];
		if (!sl_project_has_analyst(p, s->actor->person) || !is_granted(p, out))
			continue;
		if (all.len > 0)
			sl_buf_text(&all, ", ");
		else
			first = p->name;
		sl_buf_text(&all, p->name);
	}
	const char *whole = sl_buf_cstr(&all);
	out->projects = whole != NULL ? strdup(whole) : NULL;
	out->grants = strdup(first);
	sl_buf_free(&all);
	return out->projects != NULL && out->grants != NULL ? SL_OK : no_memory(err);
}

/* items, with room for one more behind n of them; NULL: items is as it was. */
static void *make_room(void *items, uint32_t n, uint32_t *cap, size_t each)
{
	uint32_t more = *cap > 0 ? 2 * *cap : 64;
	void *moved = n < *cap ? items : realloc(items, more * each);

	if (moved != NULL && n == *cap)
		*cap = more;
	return moved;
}

/* What a word that nothing has may have meant: a column's name, or a table's without its dataset. */
static enum sl_rc keep_name(struct searching *s, int64_t row, bool is_table, const char *folded, struct sl_err *err)
{
	size_t len = strcspn(folded, "\n");
	const char *dot = is_table ? memchr(folded, '.', len) : NULL, *name = dot != NULL ? dot + 1 : folded;
	int64_t *rows = make_room(s->rows, s->nrows, &s->rows_cap, sizeof *rows);

	if (rows == NULL)
		return no_memory(err);
	s->rows = rows;
	rows[s->nrows++] = row;
	sl_buf_put(&s->names, name, len - (size_t)(name - folded));
	sl_buf_u8(&s->names, 0);
	return SL_OK;
}

static enum sl_rc see_folded(void *self, int64_t row, bool is_table, const char *folded, struct sl_err *err)
{
	struct searching *s = self;
	struct hit hit = {.row = row, .order = s->order++};

	if (is_table) {
		free(s->table_folded);
		if ((s->table_folded = strdup(folded)) == NULL)
			return no_memory(err);
	}
	if (!matches(s, is_table, folded, &hit))
		return s->nhits == 0 ? keep_name(s, row, is_table, folded, err) : SL_OK;
	hit.place = is_table ? SL_SEARCH_TABLE : SL_SEARCH_COLUMN;
	if (hit.field > 0)
		hit.place = (uint8_t)(SL_SEARCH_COLUMN + hit.field);
	struct hit *hits = make_room(s->hits, s->nhits, &s->cap, sizeof *hits);
	if (hits == NULL)
		return no_memory(err);
	s->hits = hits;
	hits[s->nhits++] = hit;
	return SL_OK;
}

static int compare(const void *x, const void *y)
{
	const struct hit *a = x, *b = y;

	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	if (a->score != b->score)
		return a->score < b->score ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

/* The next of the hits that are shown, with the words it is shown by. */
static enum sl_rc see_found(void *self, const struct sl_store_entry *entry, struct sl_err *err)
{
	struct searching *s = self;
	const char *const told[FIELDS] = {"", "", entry->description, entry->labels};
	const struct hit *hit = &s->hits[s->out->n];
	struct sl_found *f = &s->out->items[s->out->n++];

	*f = (struct sl_found){
		.table = strdup(entry->table), .column = strdup(entry->column), .owner = strdup(entry->owner),
		.title = strdup(entry->title), .class_ = entry->class_, .place = hit->place,
	};
	f->told = hit->field > 1 ? told_around(told[hit->field], hit->offset) : strdup("");
	if (f->table == NULL || f->column == NULL || f->owner == NULL || f->title == NULL || f->told == NULL)
		return no_memory(err);
	return tell_projects(s, f, err);
}

/* Reads of the hits the first `most`; 0: all. */
static enum sl_rc read_found(struct sl_enclave *e, struct searching *s, uint32_t most, struct sl_err *err)
{
	uint32_t n = most > 0 && most < s->nhits ? most : s->nhits;
	int64_t *rows = calloc((size_t)n + 1, sizeof *rows);
	enum sl_rc rc = rows != NULL ? SL_OK : no_memory(err);

	if (rc == SL_OK && (s->out->items = calloc((size_t)n + 1, sizeof *s->out->items)) == NULL)
		rc = no_memory(err);
	if (rc == SL_OK && s->nhits > 0)
		qsort(s->hits, s->nhits, sizeof *s->hits, compare);
	for (uint32_t i = 0; rc == SL_OK && i < n; i++)
		rows[i] = s->hits[i].row;
	if (rc == SL_OK)
		rc = sl_store_entry_rows(&e->db, rows, n, see_found, s, err);
	s->out->total = s->nhits;
	free(rows);
	return rc;
}

static void found_free(struct sl_found *f)
{
	free(f->table);
	free(f->column);
	free(f->owner);
	free(f->title);
	free(f->told);
	free(f->projects);
	free(f->grants);
}

void sl_search_free(struct sl_search *s)
{
	for (uint32_t i = 0; i < s->n; i++)
		found_free(&s->items[i]);
	free(s->items);
	free(s->near);
	memset(s, 0, sizeof *s);
}

/* Names are compared folded, and told as they are written. */
static enum sl_rc see_near(void *self, const struct sl_store_entry *entry, struct sl_err *err)
{
	struct sl_search *out = self;
	const char *dot = strchr(entry->table, '.');

	out->near = strdup(entry->position > 0 || dot == NULL ? entry->column : dot + 1);
	return out->near != NULL ? SL_OK : no_memory(err);
}

static enum sl_rc suggest(struct sl_enclave *e, const struct searching *s, struct sl_err *err)
{
	const char **names = calloc((size_t)s->nrows + 1, sizeof *names), *at = (const char *)s->names.data;
	enum sl_rc rc = names != NULL ? sl_buf_ok(&s->names, "names", err) : no_memory(err);

	for (uint32_t i = 0; rc == SL_OK && i < s->nrows; i++, at += strlen(at) + 1)
		names[i] = at;
	int near = rc == SL_OK ? sl_text_near((const char *)s->words[0].data, names, s->nrows) : -1;
	if (near >= 0)
		rc = sl_store_entry_rows(&e->db, &s->rows[near], 1, see_near, s->out, err);
	free(names);
	return rc;
}

static enum sl_rc fold_words(struct searching *s, const char *const *words, size_t nwords, struct sl_err *err)
{
	for (size_t i = 0; i < nwords && i < SL_SEARCH_WORDS_MAX; i++) {
		sl_fold_text(&s->words[i], words[i], strlen(words[i]));
		s->nwords++;
		if (sl_buf_cstr(&s->words[i]) == NULL)
			return no_memory(err);
		if (s->words[i].len == 0)
			return sl_err_set(err, SL_E_INPUT, "there is nothing to look for in \"%.100s\"", words[i]);
	}
	return SL_OK;
}

enum sl_rc sl_data_search(struct sl_enclave *e, const struct sl_actor *actor, const struct sl_standing *standing,
                          const char *const *words, size_t nwords, uint32_t most, struct sl_search *out,
                          struct sl_err *err)
{
	struct searching s = {.actor = actor, .policy = standing->has_policy ? &standing->policy : NULL, .out = out};
	enum sl_rc rc = sl_actor_may(actor, standing, SL_ACTION_DATA_LIST, err);

	if (rc == SL_OK)
		rc = fold_words(&s, words, nwords, err);
	if (rc == SL_OK)
		rc = sl_entries_settle(e, err);
	if (rc == SL_OK)
		rc = sl_store_entry_folded(&e->db, see_folded, &s, err);
	if (rc == SL_OK)
		rc = s.nhits > 0 ? read_found(e, &s, most, err) : suggest(e, &s, err);
	for (size_t i = 0; i < s.nwords; i++)
		sl_buf_free(&s.words[i]);
	sl_buf_free(&s.names);
	free(s.rows);
	free(s.hits);
	free(s.table_folded);
	if (rc != SL_OK)
		sl_search_free(out);
	return rc;
}
