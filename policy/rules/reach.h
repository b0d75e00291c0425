/*
 * reach.h - how far the values of an expression can go, from what the catalogue declares of the columns that it reads.
 *
 * Overflow and division by nothing make a value missing. Where an author chooses at which size that happens, as in
 * amount + 9223372036854775000, who is missing tells whose value is large: a condition no rule for conditions sees.
 */
#ifndef SL_RULES_REACH_H
#define SL_RULES_REACH_H

#include <stdbool.h>
#include <stdint.h>

#include "enclave/base/num.h"
#include "enclave/pact/expr.h"
#include "enclave/pact/view.h"

/*
 * What is taken of a number whose bounds the catalogue does not declare: 15 digits on its grid. More may occur, but
 * then not by the author's choice: constants count in full.
 */
#define SL_REACH_UNDECLARED INT64_C(1000000000000000)

struct sl_reach {
	sl_i128 lo, hi;
};

/* sl_reach_column - what the catalogue lets a column hold. NULL: a number nothing is declared of. */
struct sl_reach sl_reach_column(const struct sl_column *column);

/*
 * sl_reach_of_each - how far what each operation leaves can go, on its own grid.
 *   each  out  expr->nops; NULL: not wanted
 * False: a value within `inputs` can make the expression, or any part of it, leave 64 bits or the years 1 to 9999, or
 * divide by nothing where the divisor is computed; `each` is then not filled to its end. A column that is a divisor as
 * it stands may hold 0: that is nobody's choice. Of a list of expressions: of any of them.
 */
bool sl_reach_of_each(const struct sl_expr *expr, const struct sl_reach *inputs, struct sl_reach *each);

#endif
