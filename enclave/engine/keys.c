/* keys.c - see keys.h. */
#include "enclave/engine/keys.h"

#include <string.h>

#include "enclave/engine/spread.h"

/* Bands rise, so the last one that begins at or below the value is the only one it can be in. */
static uint32_t band_of(const struct sl_key_map *m, int64_t value)
{
	uint32_t lo = 0, hi = m->nlabelled;

	while (lo < hi) {
		uint32_t mid = lo + (hi - lo) / 2;
		if (m->bands[mid].lo <= value)
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo > 0 && value <= m->bands[lo - 1].hi ? lo - 1 : m->other;
}

static uint32_t group_of(const struct sl_key_map *m, int64_t value)
{
	if (m->banded)
		return band_of(m, value);
	return (uint64_t)value < m->nlabelled ? (uint32_t)value : m->other;
}

/* Group × stride of a group, SL_KEY_NONE of none. */
static uint32_t step_of(const struct sl_key_map *m, uint32_t group)
{
	return group == SL_KEY_NONE ? SL_KEY_NONE : (uint32_t)(group * m->stride);
}

/* Values near the first edge are looked up rather than searched for: a search is a guess a row for the processor. */
static void init_near(struct sl_key_map *m)
{
	int64_t first = !m->banded ? 0 : m->bands[0].lo != INT64_MIN ? m->bands[0].lo : m->bands[0].hi;

	m->near_first = first < INT64_MAX - SL_KEY_NEAR ? first : INT64_MAX - SL_KEY_NEAR;
	for (uint32_t i = 0; i < SL_KEY_NEAR; i++)
		m->near[i] = step_of(m, group_of(m, m->near_first + i));
}

static void init_map(struct sl_key_map *m, const struct sl_key *key, const struct sl_column *c)
{
	uint32_t at;

	m->input = key->input;
	m->name = key->name;
	m->banded = key->banded != 0;
	m->bands = c->bands;
	m->ngroups = sl_column_ngroups(c, m->banded);
	at = m->ngroups - (c->nullable ? 1 : 0) - (sl_column_has_other(c, m->banded) ? 1 : 0);
	m->nlabelled = at;
	m->other = sl_column_has_other(c, m->banded) ? at++ : SL_KEY_NONE;
	m->missing = c->nullable ? at : SL_KEY_NONE;
}

void sl_keys_init(struct sl_keys *keys, const struct sl_plan *plan, const struct sl_view *view)
{
	uint64_t stride = 1;

	memset(keys, 0, sizeof *keys);
	keys->nkeys = plan->nkeys;
	for (uint32_t k = plan->nkeys; k-- > 0;) {
		init_map(&keys->maps[k], &plan->keys[k], sl_plan_key_column(plan, view, k));
		keys->maps[k].stride = stride;
		stride *= keys->maps[k].ngroups;
		init_near(&keys->maps[k]);
	}
}

static __attribute__((noinline)) uint32_t step_far(const struct sl_key_map *m, int64_t value)
{
	return step_of(m, group_of(m, value));
}

static inline uint32_t step_at(const struct sl_key_map *m, int64_t value)
{
	uint64_t off = (uint64_t)value - (uint64_t)m->near_first;

	return __builtin_expect(off < SL_KEY_NEAR, 1) ? m->near[off] : step_far(m, value);
}

#ifdef __x86_64__
#include <immintrin.h>

#define FEW_GROUPS 32u /* their steps lie in two registers */
#define VECTOR_ROWS 16u
#define VECTORS __attribute__((target("avx512f,avx512dq,avx512vl")))

static bool has_vectors(void)
{
	return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
	       __builtin_cpu_supports("avx512vl");
}

static bool has_few_groups(const struct sl_key_map *m)
{
	return !m->banded && m->nlabelled <= FEW_GROUPS && has_vectors();
}

/* What put_steps does, sixteen rows at once, until one has a value beyond the two registers. Returns how many rows. */
static VECTORS uint32_t put_by_vectors(const struct sl_key_map *m, const int64_t *values, uint32_t rows,
                                       uint32_t *cells, uint32_t *all)
{
	const __m512i low = _mm512_loadu_si512(m->near), high = _mm512_loadu_si512(m->near + VECTOR_ROWS);
	const __m512i end = _mm512_set1_epi64(FEW_GROUPS);
	__m512i seen = _mm512_setzero_si512();
	uint32_t r = 0;

	for (; r + VECTOR_ROWS <= rows; r += VECTOR_ROWS) {
		__m512i v = _mm512_loadu_si512(values + r), w = _mm512_loadu_si512(values + r + VECTOR_ROWS / 2);
		if (_mm512_cmpge_epu64_mask(v, end) | _mm512_cmpge_epu64_mask(w, end))
			break;
		__m256i left = _mm512_cvtepi64_epi32(v), right = _mm512_cvtepi64_epi32(w);
		__m512i at = _mm512_inserti64x4(_mm512_castsi256_si512(left), right, 1);
		__m512i steps = _mm512_permutex2var_epi32(low, at, high);
		seen = _mm512_or_si512(seen, steps);
		_mm512_storeu_si512(cells + r, steps);
	}
	*all |= (uint32_t)_mm512_reduce_or_epi32(seen);
	return r;
}

static uint32_t put_at_once(const struct sl_key_map *m, const int64_t *values, uint32_t rows, uint32_t *cells,
                            uint32_t *all)
{
	return has_few_groups(m) ? put_by_vectors(m, values, rows, cells, all) : 0;
}
#else
static uint32_t put_at_once(const struct sl_key_map *m, const int64_t *values, uint32_t rows, uint32_t *cells,
                            uint32_t *all)
{
	(void)m, (void)values, (void)rows, (void)cells, (void)all;
	return 0;
}
#endif

/* The first key's steps, where no value is missing. Returns all of them, or'ed. */
static uint32_t put_steps(const struct sl_key_map *m, const int64_t *values, uint32_t rows, uint32_t *cells)
{
	uint32_t all = 0, r = put_at_once(m, values, rows, cells, &all);

	for (; r < rows; r++)
		all |= cells[r] = step_at(m, values[r]);
	return all;
}

/* One key's steps of all rows, or units, added to the cells or put there. Returns all of them, or'ed. */
static uint32_t add_steps(const struct sl_key_map *m, const int64_t *values, const uint8_t *nulls, uint32_t rows,
                          bool is_first, uint32_t *cells)
{
	uint32_t missing = step_of(m, m->missing), all = 0;

	if (nulls != NULL)
		for (uint32_t r = 0; r < rows; r++)
			all |= cells[r] = (is_first ? 0 : cells[r]) + (nulls[r] != 0 ? missing : step_at(m, values[r]));
	else if (is_first)
		all = put_steps(m, values, rows, cells);
	else
		for (uint32_t r = 0; r < rows; r++)
			all |= cells[r] += step_at(m, values[r]);
	return all;
}

static bool is_by_unit(const struct sl_key_map *m, const struct sl_batch *batch)
{
	return batch->unit_values[m->input] != NULL;
}

bool sl_keys_are_by_unit(const struct sl_keys *keys, const struct sl_batch *batch)
{
	for (uint32_t k = 0; k < keys->nkeys; k++)
		if (!is_by_unit(&keys->maps[k], batch))
			return false;
	return true;
}

/* The steps of all keys that are known by unit. False: there is no such key. */
static bool add_by_unit(const struct sl_keys *keys, const struct sl_batch *batch, uint32_t *steps, uint32_t *all)
{
	bool any = false;

	for (uint32_t k = 0; k < keys->nkeys; k++)
		if (is_by_unit(&keys->maps[k], batch)) {
			const struct sl_key_map *m = &keys->maps[k];
			const int64_t *values = batch->unit_values[m->input];
			*all |= add_steps(m, values, batch->unit_nulls[m->input], batch->ends.n, !any, steps);
			any = true;
		}
	return any;
}

/* The same, to the rows of each. */
static bool start_by_unit(const struct sl_keys *keys, const struct sl_batch *batch, uint32_t *cells, uint32_t *all)
{
	uint32_t steps[SL_BATCH_ROWS];
	bool any = add_by_unit(keys, batch, steps, all);

	if (any)
		sl_spread_cells(batch->ends, batch->rows, steps, cells);
	return any;
}

bool sl_keys_unit_cells(const struct sl_keys *keys, const struct sl_batch *batch,
                        uint32_t unit_cells[static SL_BATCH_ROWS])
{
	uint32_t all = 0;

	if (!add_by_unit(keys, batch, unit_cells, &all))
		memset(unit_cells, 0, batch->ends.n * sizeof *unit_cells);
	return all < SL_KEY_NONE;
}

static uint32_t row_step(const struct sl_key_map *m, const struct sl_batch *batch, uint32_t row)
{
	const int64_t *values = batch->values[m->input];
	const uint8_t *nulls = batch->nulls[m->input];
	uint32_t at = row;

	if (is_by_unit(m, batch)) {
		values = batch->unit_values[m->input];
		nulls = batch->unit_nulls[m->input];
		for (at = 0; batch->ends.ends[at] <= row;)
			at++;
	}
	return nulls != NULL && nulls[at] != 0 ? step_of(m, m->missing) : step_at(m, values[at]);
}

/* The first key that a row has no group of. */
static const char *culprit(const struct sl_keys *keys, const struct sl_batch *batch, uint32_t row)
{
	uint32_t k = 0;

	while (k + 1 < keys->nkeys && row_step(&keys->maps[k], batch, row) != SL_KEY_NONE)
		k++;
	return keys->maps[k].name;
}

/* Some row has no cell. Among those that are not kept it does no harm, but its number may not be used. */
static enum sl_rc look_closer(const struct sl_keys *keys, const struct sl_batch *batch, const uint8_t *marks,
                              uint32_t *cells, struct sl_err *err)
{
	for (uint32_t r = 0; r < batch->rows; r++) {
		if (cells[r] < SL_KEY_NONE)
			continue;
		if (marks == NULL || marks[r] == SL_ROW_KEPT)
			return sl_err_set(err, SL_E_INTEGRITY, "key \"%s\": a row is outside its declared domain",
			                  culprit(keys, batch, r));
		cells[r] = 0;
	}
	return SL_OK;
}

enum sl_rc sl_keys_cells(const struct sl_keys *keys, const struct sl_batch *batch, const uint8_t *marks,
                         uint32_t cells[static SL_BATCH_ROWS], struct sl_err *err)
{
	uint32_t all = 0;
	bool is_first = !start_by_unit(keys, batch, cells, &all);

	if (keys->nkeys == 0)
		memset(cells, 0, batch->rows * sizeof *cells);
	for (uint32_t k = 0; k < keys->nkeys; k++) {
		const struct sl_key_map *m = &keys->maps[k];
		if (is_by_unit(m, batch))
			continue;
		all |= add_steps(m, batch->values[m->input], batch->nulls[m->input], batch->rows, is_first, cells);
		is_first = false;
	}
	return all < SL_KEY_NONE ? SL_OK : look_closer(keys, batch, marks, cells, err);
}
