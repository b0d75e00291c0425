/* equations.c - see equations.h: Gauss' elimination, row by row. */
#include "policy/history/equations.h"

#include <stdlib.h>
#include <string.h>

#include "policy/history/space.h"

static enum sl_rc no_memory(struct sl_err *err)
{
	return sl_err_set(err, SL_E_NOMEM, "out of memory for equations");
}

enum sl_rc sl_equations_init(struct sl_equations *e, uint32_t nunknowns, uint32_t nothers, uint64_t *work,
                             struct sl_err *err)
{
	*e = (struct sl_equations){ .nunknowns = nunknowns, .ncolumns = nunknowns + nothers, .work = work };
	e->first = calloc((size_t)nunknowns + 1, sizeof *e->first);
	e->row_of = calloc((size_t)nunknowns + 1, sizeof *e->row_of);
	e->at = calloc((size_t)e->ncolumns + 1, sizeof *e->at);
	e->marks = calloc((size_t)e->ncolumns / 64 + 1, sizeof *e->marks);
	return e->first != NULL && e->row_of != NULL && e->at != NULL && e->marks != NULL ? SL_OK : no_memory(err);
}

void sl_equations_free(struct sl_equations *e)
{
	free(e->terms);
	free(e->first);
	free(e->row_of);
	free(e->at);
	free(e->marks);
	*e = (struct sl_equations){ 0 };
}

void sl_equations_clear(struct sl_equations *e)
{
	for (uint32_t c = sl_equations_next(e, 0); c < e->ncolumns; c = sl_equations_next(e, c + 1))
		e->at[c] = 0;
	memset(e->marks, 0, ((size_t)e->ncolumns / 64 + 1) * sizeof *e->marks);
}

void sl_equations_add(struct sl_equations *e, uint32_t column, uint64_t factor)
{
	e->at[column] = sl_space_plus(e->at[column], factor);
	e->marks[column / 64] |= UINT64_C(1) << column % 64;
}

uint32_t sl_equations_next(const struct sl_equations *e, uint32_t from)
{
	uint32_t words = e->ncolumns / 64 + 1;

	for (uint32_t w = from / 64; w < words; w++) {
		uint64_t bits = w == from / 64 ? e->marks[w] & (UINT64_MAX << from % 64) : e->marks[w];
		for (; bits != 0; bits &= bits - 1) {
			uint32_t column = w * 64 + (uint32_t)__builtin_ctzll(bits);
			if (e->at[column] != 0)
				return column;
		}
	}
	return e->ncolumns;
}

static void spend(struct sl_equations *e, uint64_t steps)
{
	*e->work -= steps < *e->work ? steps : *e->work;
}

uint32_t sl_equations_reduce(struct sl_equations *e, uint32_t from, bool whole)
{
	uint32_t left = e->nunknowns;

	spend(e, 1 + (e->ncolumns - from) / 64);
	for (uint32_t c = sl_equations_next(e, from); c < e->nunknowns && *e->work > 0; c = sl_equations_next(e, c + 1)) {
		if (e->row_of[c] == 0) {
			left = left == e->nunknowns ? c : left;
			if (!whole)
				return left;
			continue;
		}
		uint32_t row = e->row_of[c] - 1;
		uint64_t factor = sl_space_minus(0, e->at[c]);
		for (uint32_t t = e->first[row]; t < e->first[row + 1]; t++)
			sl_equations_add(e, e->terms[t].column, sl_space_times(factor, e->terms[t].factor));
		spend(e, e->first[row + 1] - e->first[row]);
	}
	return left;
}

static enum sl_rc add_term(struct sl_equations *e, uint32_t column, uint64_t factor, struct sl_err *err)
{
	if (e->nterms == e->terms_cap) {
		uint32_t cap = e->terms_cap == 0 ? 1024 : e->terms_cap * 2;
		struct sl_equation_term *terms = realloc(e->terms, cap * sizeof *terms);
		if (terms == NULL)
			return no_memory(err);
		e->terms = terms;
		e->terms_cap = cap;
	}
	e->terms[e->nterms++] = (struct sl_equation_term){ factor, column };
	return SL_OK;
}

enum sl_rc sl_equations_keep(struct sl_equations *e, struct sl_err *err)
{
	uint32_t lead = sl_equations_reduce(e, 0, false);
	enum sl_rc rc = SL_OK;

	if (lead < e->nunknowns && *e->work > 0) {
		uint64_t scale = sl_space_inverse(e->at[lead]);
		for (uint32_t c = lead; c < e->ncolumns && rc == SL_OK; c = sl_equations_next(e, c + 1))
			rc = add_term(e, c, sl_space_times(e->at[c], scale), err);
		e->row_of[lead] = ++e->nrows;
		e->first[e->nrows] = e->nterms;
	}
	if (e->nterms > SL_EQUATIONS_TERMS_MAX)
		*e->work = 0;
	sl_equations_clear(e);
	return rc;
}

void sl_equations_take(struct sl_equations *e, uint32_t row)
{
	sl_equations_clear(e);
	for (uint32_t t = e->first[row]; t < e->first[row + 1]; t++)
		sl_equations_add(e, e->terms[t].column, e->terms[t].factor);
}
