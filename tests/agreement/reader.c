/* reader.c - see reader.h. */
#include "tests/agreement/reader.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define PRIME INT64_C(2147483647)
#define STEPS_MAX 20000000u /* kinds looked at */
#define NOT_THERE CENSUS_TYPES

/* --- what is printed ------------------------------------------------------------------------------------- */

/* One printed number: what a person of each type adds to it. */
struct number {
	uint32_t version;
	int64_t adds[CENSUS_TYPES + 1];
	bool behind[CENSUS_TYPES + 1];
};

struct numbers {
	struct number list[READER_NUMBERS];
	uint32_t n;
	bool overflow;
};

static bool is_shown(const struct census_release *r, uint32_t output, uint32_t cell, uint32_t stat)
{
	return r->pub.outputs[output].cells[cell * r->plans[output].nstats + stat].shown;
}

/* Whether a number of the cell tells how many are in it. */
static bool tells_units(const struct census_release *r, uint32_t output, uint32_t cell)
{
	for (uint32_t s = 0; s < r->plans[output].nstats; s++) {
		uint8_t fn = r->plans[output].stats[s].fn;
		if ((fn == SL_STAT_UNITS || fn == SL_STAT_COUNT) && is_shown(r, output, cell, s))
			return true;
	}
	return false;
}

/* A share and a mean tell a whole number where it is known of how many they are. */
static void print_number(struct numbers *all, const struct census *c, const struct census_release *r, uint32_t output,
                         uint32_t cell, uint32_t stat)
{
	enum sl_stat_fn fn = (enum sl_stat_fn)r->plans[output].stats[stat].fn;
	struct number *n = &all->list[all->n];

	if (!is_shown(r, output, cell, stat) || fn == SL_STAT_QUANTILE)
		return;
	if ((fn == SL_STAT_SHARE || fn == SL_STAT_MEAN) && !tells_units(r, output, cell))
		return;
	if (all->n == READER_NUMBERS) {
		all->overflow = true;
		return;
	}
	memset(n, 0, sizeof *n);
	n->version = r->version;
	for (uint32_t type = 0; type < CENSUS_TYPES; type++) {
		if (census_cell(c, r, output, type) != (int)cell)
			continue;
		if (fn == SL_STAT_COUNT_IF || fn == SL_STAT_SHARE)
			n->adds[type] = census_meets(type, r->outputs[output].counts[stat]);
		else
			n->adds[type] = fn == SL_STAT_SUM || fn == SL_STAT_MEAN ? census_value(type, CENSUS_DEBT) : 1;
		n->behind[type] = (fn != SL_STAT_COUNT_IF && fn != SL_STAT_SHARE) || n->adds[type] != 0;
	}
	for (uint32_t m = 0; m < all->n; m++)
		if (memcmp(&all->list[m], n, sizeof *n) == 0)
			return;
	all->n++;
}

static void print_all(struct numbers *all, const struct census *c)
{
	all->n = 0;
	all->overflow = false;
	for (uint32_t k = 0; k < c->nreleases; k++) {
		const struct census_release *r = &c->releases[k];
		for (uint32_t i = 0; i < r->noutputs && r->released; i++)
			for (uint32_t cell = 0; cell < sl_plan_cells(&r->plans[i], &c->setup.view); cell++)
				for (uint32_t s = 0; s < r->plans[i].nstats; s++)
					print_number(all, c, r, i, cell, s);
	}
}

/* --- kinds ----------------------------------------------------------------------------------------------- */

/* Types that no number of a version tells apart have the same class. */
static uint32_t classify(const struct numbers *all, uint32_t version, uint16_t class_[static CENSUS_TYPES + 1],
                         uint32_t first[static CENSUS_TYPES + 1])
{
	uint32_t n = 0;

	for (uint32_t type = 0; type <= NOT_THERE; type++) {
		uint32_t k = 0;
		for (bool same = false; k < n; k++) {
			same = true;
			for (uint32_t i = 0; i < all->n && same; i++)
				same = all->list[i].version != version || (all->list[i].adds[type] == all->list[i].adds[first[k]] &&
				                                           all->list[i].behind[type] == all->list[i].behind[first[k]]);
			if (same)
				break;
		}
		if (k == n)
			first[n++] = type;
		class_[type] = (uint16_t)k;
	}
	return n;
}

static int8_t common_value(const uint16_t class_[static CENSUS_TYPES + 1], uint32_t k, enum census_column column)
{
	int8_t value = -1;

	for (uint32_t type = 0; type <= NOT_THERE; type++) {
		if (class_[type] != k)
			continue;
		int8_t v = type == NOT_THERE ? -2 : (int8_t)census_value(type, column);
		if (value != -1 && v != value)
			return -1;
		value = v;
	}
	return value < 0 ? -1 : value;
}

struct classes {
	uint16_t of[CENSUS_RELEASES][CENSUS_TYPES + 1];
	uint32_t first[CENSUS_RELEASES][CENSUS_TYPES + 1], n[CENSUS_RELEASES];
};

static uint32_t persons_of(const struct census *c, const struct classes *classes, const struct reader_kind *kind)
{
	uint32_t n = 0;

	for (uint32_t p = 0; p < c->npersons; p++) {
		bool same = true;
		for (uint32_t v = 0; v < CENSUS_RELEASES && same; v++) {
			int16_t type = v < c->nreleases ? c->type[v][p] : -1;
			same = classes->n[v] <= 1 || classes->of[v][type < 0 ? NOT_THERE : type] == kind->class_[v];
		}
		n += same;
	}
	return n;
}

/* Whether the class is of the person in the version, whatever he owes. */
static bool may_be_of(const struct classes *classes, uint32_t version, int16_t type, uint32_t class_)
{
	const int16_t others = CENSUS_TYPES / CENSUS_DEBTS;
	bool may = type < 0 && classes->of[version][NOT_THERE] == class_;

	for (int16_t t = (int16_t)(type % others); type >= 0 && t < CENSUS_TYPES; t = (int16_t)(t + others))
		may = may || classes->of[version][t] == class_;
	return may;
}

/* Whether somebody may be of the kind, as far as a reader knows who only does not know what they owe. */
static bool is_possible(const struct reader *r, const struct classes *classes, const struct reader_kind *kind)
{
	for (uint32_t p = 0; p < r->census->npersons; p++) {
		bool may = true;
		for (uint32_t v = 0; v < r->census->nreleases && may; v++)
			may = may_be_of(classes, v, r->census->type[v][p], kind->class_[v]);
		if (may)
			return true;
	}
	return false;
}

static bool add_kind(struct reader *r, const struct classes *classes, const struct numbers *all,
                     const uint32_t at[static CENSUS_RELEASES])
{
	if (r->nkinds == READER_KINDS)
		return false;
	struct reader_kind *kind = &r->kinds[r->nkinds];
	bool counts = false;

	*kind = (struct reader_kind){ .persons = 0 };
	for (uint32_t v = 0; v < CENSUS_RELEASES; v++)
		kind->class_[v] = (uint16_t)at[v];
	kind->persons = persons_of(r->census, classes, kind);
	for (uint32_t v = 0; v < CENSUS_RELEASES; v++) {
		kind->type[v] = (uint16_t)classes->first[v][at[v]];
		kind->debt[v] = common_value(classes->of[v], at[v], CENSUS_DEBT);
	}
	memset(r->behind[r->nkinds], 0, sizeof r->behind[0]);
	for (uint32_t i = 0; i < all->n; i++) {
		const struct number *n = &all->list[i];
		uint32_t type = classes->first[n->version][at[n->version]];
		r->at[i][r->nkinds] = n->adds[type];
		r->behind[r->nkinds][i / 64] |= (uint64_t)n->behind[type] << (i % 64);
		counts = counts || n->behind[type];
	}
	/* Of who is in no number nothing is told. */
	r->nkinds += counts && (!r->knowing || is_possible(r, classes, kind));
	return true;
}

static bool make_kinds(struct reader *r, const struct numbers *all)
{
	struct classes *classes = calloc(1, sizeof *classes);
	bool fits = true;

	assert_non_null(classes);
	for (uint32_t v = 0; v < CENSUS_RELEASES; v++) {
		classes->n[v] = classify(all, v, classes->of[v], classes->first[v]);
		memcpy(r->class_of[v], classes->of[v], sizeof r->class_of[v]);
	}
	for (uint32_t x = 0; x < classes->n[0] && fits; x++)
		for (uint32_t y = 0; y < classes->n[1] && fits; y++)
			for (uint32_t z = 0; z < classes->n[2] && fits; z++)
				fits = add_kind(r, classes, all, (const uint32_t[]){ x, y, z });
	free(classes);
	return fits;
}

/* --- what nobody is told --------------------------------------------------------------------------------- */

/* Of a version, types that nobody is of: the kinds that have them. Who is in no number is not told of. */
static void note_empty(struct reader *r, uint32_t version, const bool types[static CENSUS_TYPES])
{
	uint64_t *kinds = r->empty[r->nempty];
	bool any = false;

	memset(kinds, 0, sizeof r->empty[0]);
	for (uint32_t type = 0; type < CENSUS_TYPES; type++) {
		if (types[type] && r->class_of[version][type] == r->class_of[version][NOT_THERE])
			return;
		any = any || types[type];
		for (uint32_t k = 0; types[type] && k < r->nkinds; k++)
			if (r->kinds[k].class_[version] == r->class_of[version][type])
				kinds[k / 64] |= UINT64_C(1) << (k % 64);
	}
	r->nempty += any && r->nempty + 1 < READER_EMPTY;
}

/* Those in the cell who meet the condition, or do not. */
static bool list_types(const struct reader *r, const struct census_release *release, uint32_t output, uint32_t cell,
                       enum census_condition condition, bool meets, bool types[static CENSUS_TYPES])
{
	bool any = false;

	for (uint32_t type = 0; type < CENSUS_TYPES; type++)
		types[type] = census_cell(r->census, release, output, type) == (int)cell &&
		              census_meets(type, condition) == meets;
	for (uint32_t p = 0; p < r->census->npersons; p++) {
		int16_t type = r->census->type[release->version][p];
		any = any || (type >= 0 && types[type]);
	}
	return any;
}

static void list_empty_of(struct reader *r, const struct census_release *release, uint32_t output, uint32_t cell)
{
	const struct sl_plan *plan = &release->plans[output];
	bool types[CENSUS_TYPES], row_shown = false;

	for (uint32_t s = 0; s < plan->nstats; s++)
		row_shown = row_shown || is_shown(release, output, cell, s);
	if (!row_shown && !list_types(r, release, output, cell, CENSUS_ALL, true, types))
		note_empty(r, release->version, types);
	for (uint32_t s = 0; s < plan->nstats; s++) {
		bool counts = plan->stats[s].fn == SL_STAT_COUNT_IF || plan->stats[s].fn == SL_STAT_SHARE;
		for (int meets = 0; meets < 2 && counts && !is_shown(release, output, cell, s); meets++)
			if (!list_types(r, release, output, cell, release->outputs[output].counts[s], meets != 0, types))
				note_empty(r, release->version, types);
	}
}

static void list_empty(struct reader *r)
{
	for (uint32_t n = 0; n < r->census->nreleases; n++) {
		const struct census_release *release = &r->census->releases[n];
		for (uint32_t i = 0; i < release->noutputs && release->released; i++)
			for (uint32_t cell = 0; cell < sl_plan_cells(&release->plans[i], &r->census->setup.view); cell++)
				list_empty_of(r, release, i, cell);
	}
}

/* --- adding up ------------------------------------------------------------------------------------------- */

static int64_t reduced(int64_t x)
{
	x %= PRIME;
	return x < 0 ? x + PRIME : x;
}

static int64_t inverse(int64_t x)
{
	int64_t result = 1;

	for (int64_t e = PRIME - 2; e > 0; e >>= 1) {
		result = e & 1 ? result * x % PRIME : result;
		x = x * x % PRIME;
	}
	return result;
}

/* Gauss and Jordan, modulo a prime. */
static void reduce(struct reader *r)
{
	uint32_t row = 0;

	for (uint32_t k = 0; k < r->nkinds && row < r->nnumbers; k++) {
		uint32_t from = row;
		while (from < r->nnumbers && r->at[from][k] == 0)
			from++;
		if (from == r->nnumbers)
			continue;
		int64_t by = inverse(reduced(r->at[from][k]));
		for (uint32_t i = 0; i < r->nkinds; i++) {
			int64_t t = r->at[row][i];
			r->at[row][i] = reduced(reduced(r->at[from][i]) * by);
			if (from != row)
				r->at[from][i] = t;
		}
		for (uint32_t other = 0; other < r->nnumbers; other++) {
			int64_t factor = reduced(r->at[other][k]);
			for (uint32_t i = k; other != row && factor != 0 && i < r->nkinds; i++)
				r->at[other][i] = reduced(r->at[other][i] - factor * r->at[row][i] % PRIME);
		}
		r->pivot[row++] = k;
	}
	r->rank = row;
}

bool reader_read(struct reader *r, const struct census *c, bool knowing)
{
	struct numbers *all = malloc(sizeof *all);

	assert_non_null(all);
	memset(r, 0, sizeof *r);
	r->census = c;
	r->knowing = knowing;
	r->at = calloc(READER_NUMBERS, sizeof *r->at);
	r->empty = calloc(READER_EMPTY, sizeof *r->empty);
	assert_true(r->at != NULL && r->empty != NULL);
	print_all(all, c);
	r->nnumbers = all->n;
	bool fits = !all->overflow && make_kinds(r, all);
	free(all);
	if (!fits)
		return false;
	list_empty(r);
	reduce(r);
	return r->rank <= READER_RANK;
}

void reader_close(struct reader *r)
{
	free(r->at);
	free(r->empty);
	r->at = NULL;
	r->empty = NULL;
}

/* --- trying ---------------------------------------------------------------------------------------------- */

/* Everything that is told of kinds each taken once (or: of what each owes), by the numbers taken for it. */
struct search {
	struct reader *r;
	int version;                           /* of what is owed; -1: persons are counted */
	int before;                            /* less what was owed in that one; -1: nothing less */
	uint32_t last[READER_KINDS];           /* the last row a kind is in */
	int64_t (*sum)[READER_KINDS];          /* after each row */
};

/* Below 0 and 0: it has no share. */
static int64_t weight(const struct search *s, uint32_t kind)
{
	const int8_t *debt = s->r->kinds[kind].debt;

	if (s->before < 0)
		return s->version < 0 ? 1 : debt[s->version];
	return debt[s->version] < 0 || debt[s->before] < 0 ? 0 : reduced(debt[s->version] - debt[s->before]);
}

/* Whether a kind's share in the sum is all or nothing. */
static bool is_right(const struct search *s, uint32_t kind, int64_t x)
{
	return x == 0 || (weight(s, kind) > 0 && x == weight(s, kind));
}

/* They stand behind the same numbers. */
static bool is_alike(const struct reader *r, uint32_t kind, uint32_t other)
{
	return memcmp(r->behind[kind], r->behind[other], sizeof r->behind[0]) == 0;
}

/* Of amounts: who owes nothing, and stands behind the same numbers as somebody in the group. */
static bool is_beside(const struct search *s, const int64_t *sum, uint32_t kind)
{
	const struct reader *r = s->r;

	if (s->version < 0 || s->before >= 0 || r->kinds[kind].debt[s->version] != 0 || r->kinds[kind].persons == 0)
		return false;
	for (uint32_t k = 0; k < r->nkinds; k++)
		if (sum[k] != 0 && is_alike(r, k, kind))
			return true;
	return false;
}

static void mark(const struct reader *r, const int64_t *sum, uint64_t group[static READER_KINDS / 64])
{
	memset(group, 0, READER_KINDS / 64 * sizeof *group);
	for (uint32_t k = 0; k < r->nkinds; k++)
		group[k / 64] |= (uint64_t)(sum[k] != 0) << (k % 64);
}

static void note_secret(struct reader_secret *secret, const struct reader *r, const int64_t *sum, uint32_t persons)
{
	secret->found = true;
	secret->persons = persons;
	mark(r, sum, secret->group);
}

/* Nobody is of these kinds: nor is anybody where it was hidden that nobody is, if all kinds that may be there are. */
static void note_nobody(struct reader *r, const int64_t *sum)
{
	for (uint32_t e = 0; e < r->nempty; e++) {
		bool all = true;
		for (uint32_t k = 0; k < r->nkinds && all; k++)
			all = sum[k] != 0 || (r->empty[e][k / 64] >> (k % 64) & 1) == 0;
		if (all)
			note_secret(&r->nobody, r, sum, 0);
	}
}

/* Somebody is where those who owe another amount would be, in both versions. */
static void note_change(struct search *s, const int64_t *sum, uint32_t changed)
{
	struct reader *r = s->r;
	bool any = false;

	for (uint32_t k = 0; k < r->nkinds && !any; k++) {
		for (uint32_t other = 0; sum[k] != 0 && other < r->nkinds && !any; other++)
			any = r->kinds[other].persons > 0 && is_alike(r, k, other);
	}
	if (any && changed < r->census->setup.rules.threshold)
		note_secret(&r->change, r, sum, changed);
}

static void note_group(struct search *s, const int64_t *sum)
{
	struct reader *r = s->r;
	uint32_t persons = 0;

	for (uint32_t k = 0; k < r->nkinds; k++)
		persons += sum[k] != 0 || is_beside(s, sum, k) ? r->kinds[k].persons : 0;
	if (s->before >= 0) {
		note_change(s, sum, persons);
		return;
	}
	if (persons > 0 && persons < r->census->setup.rules.threshold) {
		note_secret(s->version < 0 ? &r->few : &r->amount, r, sum, persons);
	}
	if (s->version < 0 && persons == 0)
		note_nobody(r, sum);
}

static void search(struct search *s, uint32_t row)
{
	struct reader *r = s->r;
	const int64_t *before = s->sum[row];
	int64_t *after = s->sum[row + 1];

	r->steps += r->nkinds;
	if (r->steps > STEPS_MAX)
		r->through = false;
	if (!r->through)
		return;
	if (row == r->rank) {
		note_group(s, before);
		return;
	}
	for (int taken = 0; taken < 2; taken++) {
		int64_t times = taken ? weight(s, r->pivot[row]) : 0;
		bool right = !taken || times > 0;
		for (uint32_t k = 0; k < r->nkinds && right; k++) {
			after[k] = taken ? (before[k] + times * r->at[row][k]) % PRIME : before[k];
			right = s->last[k] != row || is_right(s, k, after[k]);
		}
		if (right)
			search(s, row + 1);
	}
}

static void search_all(struct search *s, int version, int before)
{
	struct reader *r = s->r;

	s->version = version;
	s->before = before;
	memset(s->sum[0], 0, sizeof s->sum[0]);
	r->steps = 0;
	search(s, 0);
}

void reader_try(struct reader *r)
{
	struct search *s = calloc(1, sizeof *s);

	assert_non_null(s);
	s->r = r;
	s->sum = calloc(READER_RANK + 2, sizeof *s->sum);
	assert_non_null(s->sum);
	for (uint32_t k = 0; k < r->nkinds; k++)
		for (uint32_t row = 0; row < r->rank; row++)
			s->last[k] = r->at[row][k] != 0 ? row : s->last[k];
	r->through = true;
	if (!r->knowing)
		search_all(s, -1, -1);
	for (int v = 0; v < (int)r->census->nreleases && r->through; v++)
		for (int before = r->knowing ? 0 : -1; before < (r->knowing ? v : 0) && r->through; before++)
			search_all(s, v, before);
	free(s->sum);
	free(s);
}

void reader_tell(const struct reader *r, const char *what, const struct reader_secret *secret)
{
	print_error("%s (%u persons):\n", what, secret->persons);
	for (uint32_t k = 0; k < r->nkinds; k++) {
		if ((secret->group[k / 64] >> (k % 64) & 1) == 0 || r->kinds[k].persons == 0)
			continue;
		print_error("  %u like", r->kinds[k].persons);
		for (uint32_t v = 0; v < r->census->nreleases; v++) {
			uint32_t type = r->kinds[k].type[v];
			if (type == NOT_THERE)
				print_error(" -");
			else
				print_error(" %lld%lld%lld%lld", (long long)census_value(type, 0), (long long)census_value(type, 1),
				            (long long)census_value(type, 2), (long long)census_value(type, 3));
		}
		print_error("\n");
	}
}
