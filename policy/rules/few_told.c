/*
 * few_told.c - see few_told.h.
 *
 * Values that no number tells apart are one unknown. A value that a shown count is of is none: so many rows have it,
 * and what is left is what the other values have.
 */
#include "policy/rules/few_told.h"

#include "policy/rules/lattice.h"
#include "policy/rules/rules.h"

struct system {
	const struct sl_few_rows *of;
	bool fixed[SL_FEW_ATOMS_MAX];
	uint64_t has[SL_FEW_ATOMS_MAX];           /* of a fixed atom: so many rows */
	uint32_t classes[SL_LATTICE_UNKNOWNS], n; /* an atom of each */
	uint32_t class_of[SL_FEW_ATOMS_MAX];      /* UINT32_MAX: none */
	uint32_t valued;                          /* bit i: something is added up of it */
	bool whole;                               /* nothing is added up of a fixed atom */
	bool bare;                                /* of the numbers only what they are of counts, not what they are */
};

static bool is_added_up(const struct sl_few_number *n)
{
	return n->fn != SL_STAT_COUNT && n->fn != SL_STAT_COUNT_IF && n->fn != SL_STAT_SHARE;
}

static bool is_in(const struct sl_few_number *n, uint32_t atom)
{
	return n->in == NULL || n->in[atom];
}

static const struct sl_value *value_of(const struct sl_few_number *n, uint32_t atom)
{
	return &n->is[(size_t)atom * n->stride];
}

/* Rows with the atom have a value, or meet a condition or do not. */
static bool is_known(const struct sl_few_number *n, uint32_t atom)
{
	return is_in(n, atom) && (n->fn == SL_STAT_COUNT || !value_of(n, atom)->missing);
}

static sl_i128 first_of(const struct sl_few_number *n, uint32_t atom)
{
	if (!is_known(n, atom))
		return 0;
	if (n->fn == SL_STAT_COUNT)
		return 1;
	return is_added_up(n) ? value_of(n, atom)->v : value_of(n, atom)->v != 0;
}

/* A count of the rows that have one atom. */
static void fix(struct system *s, const struct sl_few_number *n)
{
	uint32_t found = 0, at = 0;

	for (uint32_t a = 0; a < s->of->natoms; a++)
		if (s->of->in[a] && first_of(n, a) != 0) {
			found++;
			at = a;
		}
	if (found == 1 && !is_added_up(n)) {
		s->fixed[at] = true;
		s->has[at] = n->rows;
	}
}

static bool is_same(const struct system *s, uint32_t a, uint32_t b)
{
	for (uint32_t i = 0; i < s->of->n; i++) {
		const struct sl_few_number *n = s->of->numbers[i];
		if (is_known(n, a) != is_known(n, b) || first_of(n, a) != first_of(n, b))
			return false;
	}
	return true;
}

static bool is_valued(const struct system *s, uint32_t atom)
{
	for (uint32_t i = 0; i < s->of->n; i++)
		if (is_added_up(s->of->numbers[i]) && is_known(s->of->numbers[i], atom))
			return true;
	return false;
}

/* False: they are too many. */
static bool find_classes(struct system *s)
{
	s->whole = true;
	for (uint32_t i = 0; i < s->of->n; i++)
		fix(s, s->of->numbers[i]);
	for (uint32_t a = 0; a < s->of->natoms; a++) {
		uint32_t at = 0;
		s->class_of[a] = UINT32_MAX;
		if (s->of->in[a] && s->fixed[a] && is_valued(s, a))
			s->whole = false;
		if (!s->of->in[a] || s->fixed[a])
			continue;
		while (at < s->n && !is_same(s, s->classes[at], a))
			at++;
		if (at == SL_LATTICE_UNKNOWNS)
			return false;
		if (at == s->n) {
			s->valued |= is_valued(s, a) ? 1u << at : 0;
			s->classes[s->n++] = a;
		}
		s->class_of[a] = at;
	}
	return true;
}

/* What the number's coefficients make of the fixed atoms. False: it leaves its range. */
static bool take_fixed(const struct system *s, sl_i128 (*of)(const struct sl_few_number *, uint32_t),
                       const struct sl_few_number *n, sl_i128 *sum)
{
	for (uint32_t a = 0; a < s->of->natoms; a++) {
		sl_i128 part;
		if (s->of->in[a] && s->fixed[a] && (__builtin_mul_overflow(of(n, a), (sl_i128)s->has[a], &part) ||
		                    __builtin_sub_overflow(*sum, part, sum)))
			return false;
	}
	return true;
}

static sl_i128 known_of(const struct sl_few_number *n, uint32_t atom)
{
	return is_known(n, atom);
}

static sl_i128 second_of(const struct sl_few_number *n, uint32_t atom)
{
	return first_of(n, atom) * first_of(n, atom);
}

static void add(const struct system *s, sl_i128 (*of)(const struct sl_few_number *, uint32_t),
                const struct sl_few_number *n, sl_i128 sum, struct sl_lattice *l)
{
	sl_i128 by[SL_LATTICE_UNKNOWNS];

	for (uint32_t k = 0; k < s->n; k++)
		by[k] = of(n, s->classes[k]);
	l->lost = l->lost || (!s->bare && !take_fixed(s, of, n, &sum));
	sum = s->bare ? 0 : sum;
	sl_lattice_add(l, by, sum);
}

static void add_equations(const struct system *s, const struct sl_few_number *n, struct sl_lattice *l)
{
	if (!is_added_up(n)) {
		add(s, first_of, n, n->rows, l);
		if (n->fn == SL_STAT_SHARE)
			add(s, known_of, n, n->known_rows, l);
		return;
	}
	add(s, known_of, n, n->rows, l);
	if (!n->has_sums)
		return;
	add(s, first_of, n, n->x, l);
	if (n->fn == SL_STAT_VAR || n->fn == SL_STAT_SD)
		add(s, second_of, n, n->xx, l);
}

/* Bit m: the classes of mask m are few rows; unsure: or too little is known to say that they are not. */
static uint64_t told(const struct system *s, const struct sl_lattice *l, bool unsure, uint64_t few,
                     uint64_t least[static 1u << SL_LATTICE_UNKNOWNS], bool *open)
{
	uint64_t out = 0;

	for (uint32_t mask = 1; mask < 1u << s->n; mask++) {
		sl_i128 n;
		if ((mask & ~s->valued) != 0 || (mask == s->valued && s->whole))
			continue;
		enum sl_lattice_known known = sl_lattice_tells(l, mask, few, &n);
		*open = *open || known == SL_LATTICE_UNSURE;
		if (known == SL_LATTICE_NO || (known == SL_LATTICE_UNSURE && !unsure))
			continue;
		out |= UINT64_C(1) << mask;
		least[mask] = (uint64_t)n;
	}
	return out;
}

static void pick(const struct system *s, uint64_t groups, const uint64_t *least, struct sl_few_group *out)
{
	uint32_t best = 0;

	for (uint32_t mask = 1; mask < 1u << s->n; mask++)
		if ((groups >> mask & 1) != 0 && (best == 0 || least[mask] < least[best]))
			best = mask;
	out->least = least[best];
	for (uint32_t a = 0; a < s->of->natoms; a++)
		out->in[a] = s->class_of[a] != UINT32_MAX && (best >> s->class_of[a] & 1) != 0;
}

bool sl_few_fits(const struct sl_few_rows *rows)
{
	struct system s = { .of = rows };

	return find_classes(&s);
}

bool sl_few_left(const struct sl_few_rows *rows, uint32_t *before, uint32_t *with)
{
	struct system s = { .of = rows, .bare = true };
	struct sl_lattice l;

	*before = *with = 0;
	if (!find_classes(&s))
		return false;
	if (s.n < 2)
		return true;
	sl_lattice_open(&l, s.n, 0);
	for (uint32_t i = 0; i < rows->n; i++) {
		*before = l.nsteps;
		add_equations(&s, rows->numbers[i], &l);
	}
	*with = l.nsteps;
	return !l.lost;
}

enum sl_few_answer sl_few_told(const struct sl_few_rows *rows, uint64_t few, struct sl_few_group *group)
{
	struct system s = { .of = rows };
	struct sl_lattice l;
	uint64_t least[1u << SL_LATTICE_UNKNOWNS], unused[1u << SL_LATTICE_UNKNOWNS];
	bool open = false, before_open = false;
	sl_i128 left = rows->rows;

	if (!find_classes(&s))
		return SL_FEW_UNKNOWN;
	for (uint32_t a = 0; a < rows->natoms; a++)
		left -= rows->in[a] && s.fixed[a] ? (sl_i128)s.has[a] : 0;
	if (s.n < 2)
		return SL_FEW_SILENT;
	sl_lattice_open(&l, s.n, left);
	for (uint32_t i = 0; i + 1 < rows->n; i++)
		add_equations(&s, rows->numbers[i], &l);
	uint64_t before = told(&s, &l, false, few, unused, &before_open);
	add_equations(&s, rows->numbers[rows->n - 1], &l);
	uint64_t groups = told(&s, &l, __builtin_popcount(s.valued) <= SL_FEW_EXACT, few, least, &open) & ~before;
	if (groups != 0) {
		pick(&s, groups, least, group);
		return SL_FEW_TELLS;
	}
	return open ? SL_FEW_UNKNOWN : SL_FEW_SILENT;
}
