/*
 * spelled.h - conditions as a job writes them, by its parser, beside what history makes of them and what the evaluator
 * of jobs says of every row there can be of a small table.
 */
#ifndef SL_TEST_HISTORY_SPELLED_H
#define SL_TEST_HISTORY_SPELLED_H

#include "enclave/script/parser.h"
#include "policy/history/operands.h"

#define COUNTOF(a) (sizeof(a) / sizeof(a)[0])

/* The table's columns: age, must, amount, sick, place, side. A test may change one and has to put it back. */
extern struct sl_column spelled_columns[];
extern const struct sl_view spelled_view;

/* A condition, with its meaning: where it filters, and as what it is of a row. */
struct spelled {
	struct sl_parsed parsed;
	struct sl_predicate_part *parts, *value;
	uint32_t nparts, nvalue;
};

/* spelled_init - reads a condition; aborts the test where it is none. spelled_free. */
void spelled_init(const char *text, struct spelled *out);
void spelled_free(struct spelled *s);

/* spelled_parse, spelled_parse_as - only parsed: a condition, or something else. Free with sl_parsed_free. */
void spelled_parse(const char *text, struct sl_parsed *out);
void spelled_parse_as(enum sl_parse_mode mode, const char *text, struct sl_parsed *out);
/* spelled_plan - of all columns, without condition, key or statistic. spelled_read_parts - the parts of a set of it. */
struct sl_plan spelled_plan(void);
void spelled_read_parts(struct sl_plan *plan, uint32_t set, struct sl_predicate_part **parts, uint32_t *n);

/*
 * By their parts: spelled_has - one of them; spelled_within - all of a's rows are b's; spelled_same_rows,
 * spelled_same_value - the same rows, and of each row the same. spelled_check_rows - what was said so holds of every
 * row.
 */
bool spelled_has(const struct spelled *s, sl_i128 hash);
bool spelled_within(const struct spelled *a, const struct spelled *b);
bool spelled_same_rows(const struct spelled *a, const struct spelled *b);
bool spelled_same_value(const struct spelled *a, const struct spelled *b);
void spelled_check_rows(const char *x, const struct spelled *a, const char *y, const struct spelled *b);

#endif
