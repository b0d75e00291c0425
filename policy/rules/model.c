/*
 * model.c - least squares on several x, exact from sums: coefficients, their standard errors, R².
 *
 * With n rows, y the variable 0 and k x's, and c_ab = n Σab - Σa Σb (n² times a covariance), by Cramer's rule for the
 * normal equations (Draper and Smith, Applied Regression Analysis, 3rd ed., 1998, sections 5.1 and 6.1; Seber and Lee,
 * Linear Regression Analysis, 2nd ed., 2003, sections 3.1 and 3.3):
 *
 *   D = |c_xx|                    coefficient j  |c_xx, its column j replaced by c_xy| / D
 *   F = |c| of y and all x        standard error √( F |c_xx without j| / ((n - k - 1) D²) )
 *   R² = 1 - F / (D c_yy)         the constant   (Σy D - Σ Σx_j N_j) / (n D), its standard error
 *                                 √( F (D + Σx' adj(c_xx) Σx) / (n² D² (n - k - 1)) )
 *
 * Each is one quotient of whole numbers, or the root of one, rounded once. What is singular has D = 0: no value, and
 * no tolerance that says what is nearly so. A determinant is taken by elimination that stays in whole numbers (Bareiss,
 * "Sylvester's Identity and Multistep Integer-Preserving Gaussian Elimination", Mathematics of Computation 22, 1968).
 */
#include "policy/rules/rules.h"
#include "policy/wide.h"

#define VARIABLES_MAX (SL_REGRESSORS_MAX + 1)
#define SIDE_MAX (VARIABLES_MAX + 1)

struct model {
	uint32_t k;     /* x's; variables are 0 … k, and k + 1 stands for the sums of the variables */
	uint64_t n;
	bool told;      /* no sum overflowed */
	int scale[VARIABLES_MAX];
	struct sl_wide sum[VARIABLES_MAX];
	struct sl_wide c[VARIABLES_MAX][VARIABLES_MAX];
};

/* Rows and columns of a determinant, by variable. */
struct choice {
	uint32_t row[SIDE_MAX], column[SIDE_MAX], n;
};

static const struct sl_variable *variables_of(const struct sl_plan *plan, const struct sl_result *result, uint32_t cell,
                                              uint32_t stat)
{
	uint32_t first[SL_STATS_MAX];
	struct sl_model_place all, place = sl_result_model(plan, stat);

	(void)sl_result_models(plan, first, &all);
	return &result->variables[(size_t)cell * all.nvariables + place.variable];
}

static const struct sl_sum *sums_of(const struct sl_plan *plan, const struct sl_result *result, uint32_t cell,
                                    uint32_t stat)
{
	uint32_t first[SL_STATS_MAX];
	struct sl_model_place all, place = sl_result_model(plan, stat);

	(void)sl_result_models(plan, first, &all);
	return &result->sums[(size_t)cell * all.nsums + place.sum];
}

static int scale_of(const struct sl_expr *e)
{
	return e->ops[e->nops - 1].scale;
}

static void model_of(const struct sl_plan *plan, const struct sl_result *result, uint32_t cell, uint32_t stat,
                     struct model *m)
{
	const struct sl_stat *s = &plan->stats[stat];
	const struct sl_sum *sums = sums_of(plan, result, cell, stat);
	struct sl_expr parts[SL_REGRESSORS_MAX];

	m->k = sl_expr_parts(&s->arg2, parts);
	m->n = result->evidence[(size_t)cell * plan->nstats + stat].rows;
	m->told = !variables_of(plan, result, cell, stat)->overflow;
	const struct sl_sum *product = sums + m->k + 1;
	for (uint32_t a = 0; a <= m->k; a++) {
		m->scale[a] = scale_of(a == 0 ? &s->arg : &parts[a - 1]);
		m->sum[a] = sl_wide_of(sums[a].v);
		for (uint32_t b = a; b <= m->k; b++, product++) {
			struct sl_wide about_zero = sl_wide_mul(sl_wide_of((sl_i128)m->n), sl_wide_of(product->v));
			m->c[a][b] = sl_wide_sub(about_zero, sl_wide_mul(sl_wide_of(sums[a].v), sl_wide_of(sums[b].v)));
			m->c[b][a] = m->c[a][b];
		}
	}
}

static struct sl_wide entry(const struct model *m, uint32_t row, uint32_t column)
{
	if (row > m->k && column > m->k)
		return sl_wide_of(0);
	return row > m->k ? m->sum[column] : column > m->k ? m->sum[row] : m->c[row][column];
}

/* A row whose entry in column p is not zero comes to row p; false: there is none. */
static bool bring_pivot(struct sl_wide a[SIDE_MAX][SIDE_MAX], uint32_t n, uint32_t p, bool *turned)
{
	uint32_t row = p;

	while (row < n && sl_wide_sign(&a[row][p]) == 0)
		row++;
	for (uint32_t j = p; row < n && row != p && j < n; j++) {
		struct sl_wide t = a[p][j];
		a[p][j] = a[row][j];
		a[row][j] = t;
	}
	*turned = *turned != (row != p);
	return row < n;
}

static struct sl_wide determinant(const struct model *m, const struct choice *of)
{
	struct sl_wide a[SIDE_MAX][SIDE_MAX], last = sl_wide_of(1);
	bool turned = false;

	for (uint32_t i = 0; i < of->n; i++)
		for (uint32_t j = 0; j < of->n; j++)
			a[i][j] = entry(m, of->row[i], of->column[j]);
	for (uint32_t p = 0; p < of->n; p++) {
		if (!bring_pivot(a, of->n, p, &turned))
			return sl_wide_of(0);
		for (uint32_t i = p + 1; i < of->n; i++)
			for (uint32_t j = p + 1; j < of->n; j++) {
				struct sl_wide kept = sl_wide_mul(a[i][j], a[p][p]), gone = sl_wide_mul(a[i][p], a[p][j]);
				a[i][j] = sl_wide_div(sl_wide_sub(kept, gone), last);
			}
		last = a[p][p];
	}
	return turned ? sl_wide_sub(sl_wide_of(0), last) : last;
}

/* All x but `without` (0: none) on both sides. */
static struct choice all_x(const struct model *m, uint32_t without)
{
	struct choice of = { .n = 0 };

	for (uint32_t i = 1; i <= m->k; i++)
		if (i != without) {
			of.row[of.n] = of.column[of.n] = i;
			of.n++;
		}
	return of;
}

/* And one more of either. */
static struct choice bordered(const struct model *m, uint32_t row, uint32_t column)
{
	struct choice of = all_x(m, 0);

	of.row[of.n] = row;
	of.column[of.n++] = column;
	return of;
}

static struct sl_wide of_all_x(const struct model *m)
{
	struct choice of = all_x(m, 0);

	return determinant(m, &of);
}

static struct sl_wide of_all_but(const struct model *m, uint32_t j)
{
	struct choice of = all_x(m, j);

	return determinant(m, &of);
}

static struct sl_wide of_border(const struct model *m, uint32_t row, uint32_t column)
{
	struct choice of = bordered(m, row, column);

	return determinant(m, &of);
}

static struct sl_wide power_of_ten(int n)
{
	struct sl_wide p = sl_wide_of(1);

	for (; n > SL_SCALE_MAX; n -= SL_SCALE_MAX)
		p = sl_wide_mul(p, sl_wide_of((sl_i128)sl_pow10(SL_SCALE_MAX)));
	return n > 0 ? sl_wide_mul(p, sl_wide_of((sl_i128)sl_pow10(n))) : p;
}

/* a / b, or its root, on a grid 10^by finer; by may be negative. */
static bool quotient(struct sl_wide a, struct sl_wide b, int by, int64_t *out)
{
	return sl_wide_div_round(sl_wide_mul(a, power_of_ten(by)), sl_wide_mul(b, power_of_ten(-by)), out);
}

static bool root(struct sl_wide a, struct sl_wide b, int by, int64_t *out)
{
	return sl_wide_root_round(sl_wide_mul(a, power_of_ten(2 * by)), sl_wide_mul(b, power_of_ten(-2 * by)), out);
}

static bool coefficient(const struct model *m, uint32_t j, struct sl_wide d, int by, int64_t *out)
{
	struct choice replaced = all_x(m, 0);

	if (j == 0)
		return quotient(of_border(m, m->k + 1, 0), sl_wide_mul(sl_wide_of((sl_i128)m->n), d), by, out);
	replaced.column[j - 1] = 0;
	return quotient(determinant(m, &replaced), d, by, out);
}

static bool standard_error(const struct model *m, uint32_t j, struct sl_wide d, int by, int64_t *out)
{
	struct sl_wide left = sl_wide_of((sl_i128)m->n - m->k - 1), n = sl_wide_of((sl_i128)m->n);
	struct sl_wide under = sl_wide_mul(left, sl_wide_mul(d, d)), full = of_border(m, 0, 0);

	if (sl_wide_sign(&left) <= 0)
		return false;
	if (j > 0)
		return root(sl_wide_mul(full, of_all_but(m, j)), under, by, out);
	/* The border's determinant is -Σx' adj(c_xx) Σx. */
	struct sl_wide spread = sl_wide_sub(d, of_border(m, m->k + 1, m->k + 1));
	return root(sl_wide_mul(full, spread), sl_wide_mul(under, sl_wide_mul(n, n)), by, out);
}

bool sl_rule_model_value(const struct sl_plan *plan, const struct sl_result *result, uint32_t cell, uint32_t stat,
                         int scale, int64_t *out)
{
	const struct sl_stat *s = &plan->stats[stat];
	struct model m;

	*out = 0;
	model_of(plan, result, cell, stat, &m);
	struct sl_wide d = of_all_x(&m);
	if (!m.told || d.overflow || sl_wide_sign(&d) <= 0)
		return false;
	if (s->fn == SL_STAT_R2) {
		struct sl_wide all = sl_wide_mul(d, m.c[0][0]);
		return quotient(sl_wide_sub(all, of_border(&m, 0, 0)), all, scale, out);
	}
	int by = scale - m.scale[0] + (s->p > 0 ? m.scale[s->p] : 0);
	return s->fn == SL_STAT_COEF ? coefficient(&m, s->p, d, by, out) : standard_error(&m, s->p, d, by, out);
}

bool sl_rule_model_is_exact(const struct sl_plan *plan, const struct sl_result *result, uint32_t cell, uint32_t stat)
{
	struct model m;

	model_of(plan, result, cell, stat, &m);
	struct sl_wide full = of_border(&m, 0, 0);
	return m.told && !full.overflow && sl_wide_sign(&full) == 0;
}

bool sl_rule_model_x(const struct sl_rule_case *c, uint32_t j, sl_i128 *x, sl_i128 *xx)
{
	const struct sl_sum *sums = sums_of(c->plan, c->result, c->cell, c->stat);
	struct sl_expr parts[SL_REGRESSORS_MAX];
	uint32_t n = sl_expr_parts(&c->plan->stats[c->stat].arg2, parts) + 1, square = n;

	/* The products stand behind the sums of y and every x: of each with itself, and with those behind it. */
	for (uint32_t i = 0; i < j; i++)
		square += n - i;
	*x = sums[j].v;
	*xx = sums[square].v;
	return !variables_of(c->plan, c->result, c->cell, c->stat)->overflow;
}

bool sl_rule_model_y(const struct sl_rule_case *c, sl_i128 *y, sl_i128 *yy)
{
	return sl_rule_model_x(c, 0, y, yy);
}

const struct sl_variable *sl_rule_model_variable(const struct sl_rule_case *c, uint32_t j)
{
	return variables_of(c->plan, c->result, c->cell, c->stat) + j;
}

bool sl_rule_model_own(const struct sl_rule_case *c, uint32_t j, struct sl_model_own *out)
{
	const struct sl_variable *v = sl_rule_model_variable(c, j);
	struct sl_wide range = sl_wide_sub(sl_wide_of(v->hi), sl_wide_of(v->lo)), d, rest, whole, own;
	struct model m;

	model_of(c->plan, c->result, c->cell, c->stat, &m);
	d = of_all_x(&m);
	rest = of_all_but(&m, j);
	*out = (struct sl_model_own){ 0 };
	if (!m.told || d.overflow || sl_wide_sign(&d) <= 0)
		return false;
	whole = sl_wide_mul(sl_wide_mul(range, range), sl_wide_of((sl_i128)m.n));
	whole = sl_wide_mul(whole, sl_wide_of((sl_i128)c->evidence->rows_by_one_max));
	own = sl_wide_sub(sl_wide_mul(m.c[j][j], rest), sl_wide_add(d, d));
	struct sl_wide halves = sl_wide_div(sl_wide_add(d, d), sl_wide_mul(whole, rest));
	out->half_units = halves.overflow || sl_wide_cmp_abs(&halves, &(struct sl_wide){ .limb = { UINT32_MAX } }) > 0
	                          ? UINT32_MAX
	                          : halves.limb[0];
	out->shared = sl_wide_sign(&own) > 0;
	out->two_valued = v->hi - v->lo == 1;
	return true;
}
