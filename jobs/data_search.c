/* data_search.c - see data_search.h. A scan of all entries: 17,000 of them take some milliseconds, in any script. */
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

struct searching {
	const struct sl_actor *actor;
	const struct sl_policy *policy; /* NULL: none */
	struct sl_buf words[SL_SEARCH_WORDS_MAX];
	size_t nwords;
	char *table_folded;             /* of the table whose columns come now */
	int64_t order;
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

struct hit {
	uint32_t score, best; /* best: of one word, in the entry's own texts; 0: none there */
	uint32_t field;
	size_t offset;
};

/* A word that only the table of a column has counts as the least. */
static bool matches(const struct searching *s, const struct sl_store_entry *entry, struct hit *hit)
{
	for (size_t i = 0; i < s->nwords; i++) {
		const char *word = (const char *)s->words[i].data;
		uint32_t field = 0;
		size_t offset = 0;
		uint32_t own = score_in(entry->folded, word, s->words[i].len, &field, &offset);
		if (own == 0 && (entry->position == 0 || s->table_folded == NULL || strstr(s->table_folded, word) == NULL))
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

static enum sl_rc keep(struct searching *s, const struct sl_store_entry *entry, const struct hit *hit,
                       struct sl_err *err)
{
	struct sl_search *all = s->out;
	const char *const told[FIELDS] = {"", "", entry->description, entry->labels};

	if (all->n == all->cap) {
		uint32_t cap = all->cap > 0 ? 2 * all->cap : 64;
		struct sl_found *more = realloc(all->items, cap * sizeof *more);
		if (more == NULL)
			return no_memory(err);
		all->items = more;
		all->cap = cap;
	}
	struct sl_found *f = &all->items[all->n++];
	*f = (struct sl_found){
		.table = strdup(entry->table), .column = strdup(entry->column), .owner = strdup(entry->owner),
		.title = strdup(entry->title), .class_ = entry->class_, .score = hit->score, .order = s->order,
	};
	f->place = entry->position > 0 ? SL_SEARCH_COLUMN : SL_SEARCH_TABLE;
	if (hit->field > 0)
		f->place = (uint8_t)(SL_SEARCH_COLUMN + hit->field);
	f->told = hit->field > 1 ? told_around(told[hit->field], hit->offset) : strdup("");
	if (f->table == NULL || f->column == NULL || f->owner == NULL || f->title == NULL || f->told == NULL)
		return no_memory(err);
	return SL_OK;
}

static enum sl_rc see_entry(void *self, const struct sl_store_entry *entry, struct sl_err *err)
{
	struct searching *s = self;
	struct hit hit = {0};

	s->order++;
	if (entry->position == 0) {
		free(s->table_folded);
		if ((s->table_folded = strdup(entry->folded)) == NULL)
			return no_memory(err);
	}
	return matches(s, entry, &hit) ? keep(s, entry, &hit, err) : SL_OK;
}

static int compare(const void *x, const void *y)
{
	const struct sl_found *a = x, *b = y;

	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	if (a->score != b->score)
		return a->score < b->score ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
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

/* Names, folded, and as they are: what a word that nothing has may have meant. */
struct names {
	char **folded, **given;
	size_t n, cap;
};

static enum sl_rc see_name(void *self, const struct sl_store_entry *entry, struct sl_err *err)
{
	struct names *all = self;
	const char *dot = strchr(entry->table, '.');
	const char *name = entry->position > 0 || dot == NULL ? entry->column : dot + 1;
	struct sl_buf folded = {0};

	if (all->n == all->cap) {
		size_t cap = all->cap > 0 ? 2 * all->cap : 256;
		char **a = realloc(all->folded, cap * sizeof *a), **b;
		if (a != NULL)
			all->folded = a;
		b = a != NULL ? realloc(all->given, cap * sizeof *b) : NULL;
		if (b == NULL)
			return no_memory(err);
		all->given = b;
		all->cap = cap;
	}
	sl_fold_text(&folded, name, strlen(name));
	const char *text = sl_buf_cstr(&folded);
	all->folded[all->n] = text != NULL ? strdup(text) : NULL;
	all->given[all->n] = strdup(name);
	sl_buf_free(&folded);
	all->n++;
	return all->folded[all->n - 1] != NULL && all->given[all->n - 1] != NULL ? SL_OK : no_memory(err);
}

static enum sl_rc suggest(struct sl_enclave *e, const struct sl_buf *word, struct sl_search *out, struct sl_err *err)
{
	struct names all = {0};
	enum sl_rc rc = sl_store_entry_each(&e->db, false, see_name, &all, err);
	int near = rc == SL_OK ? sl_text_near((const char *)word->data, (const char *const *)all.folded, all.n) : -1;

	if (near >= 0 && (out->near = strdup(all.given[near])) == NULL)
		rc = no_memory(err);
	for (size_t i = 0; i < all.n; i++) {
		free(all.folded[i]);
		free(all.given[i]);
	}
	free(all.folded);
	free(all.given);
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
		rc = sl_store_entry_each(&e->db, false, see_entry, &s, err);
	if (rc == SL_OK && out->n == 0)
		rc = suggest(e, &s.words[0], out, err);
	if (rc == SL_OK && out->n > 0)
		qsort(out->items, out->n, sizeof *out->items, compare);
	out->total = out->n;
	while (most > 0 && out->n > most)
		found_free(&out->items[--out->n]);
	for (uint32_t i = 0; rc == SL_OK && i < out->n; i++)
		rc = tell_projects(&s, &out->items[i], err);
	for (size_t i = 0; i < s.nwords; i++)
		sl_buf_free(&s.words[i]);
	free(s.table_folded);
	if (rc != SL_OK)
		sl_search_free(out);
	return rc;
}
