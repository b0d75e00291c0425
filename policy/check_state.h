/*
 * check_state.h - inside policy/check*.c only: one run of the rules.
 */
#ifndef SL_POLICY_CHECK_STATE_H
#define SL_POLICY_CHECK_STATE_H

#include "policy/check.h"
#include "policy/history/audit.h"

struct sl_check_row;
struct sl_few_column;
struct sl_few_group;
struct sl_half_known;

struct sl_check_state {
	const struct sl_check_setup *setup;
	const struct sl_plan *plans;
	const struct sl_result *results;
	const struct sl_check_space *spaces; /* setup->nspaces */
	struct sl_publication *pub;
	enum sl_rule without; /* left out; SL_RULE_NONE: none */
	/* Outputs about the same units that check_history.c compares; proved: and must prove, since nothing else did. */
	bool by_units[SL_PLANS_MAX], proved[SL_PLANS_MAX];
	/* Per output: the implied counts of who has a value. */
	struct sl_half_known *known[SL_PLANS_MAX];
	uint32_t nknown[SL_PLANS_MAX];
	bool spent;                /* the work of choosing what else to hide ran out */
	bool amounts_proved;       /* of a group of several kinds, no sum hidden for what it is can be told too closely */
	uint32_t findings_cap, few_cap;
	uint64_t dropped; /* findings beyond what a person can read */
	/* 1 + the output whose rounded cells an output adds up; 0: it is rounded by itself. See sl_check_totals. */
	uint32_t total_of[SL_PLANS_MAX];
	uint64_t fineness[SL_PLANS_MAX]; /* of an output, where numbers are rounded: the finer, the more */
	struct sl_behind *behind; /* NULL: nobody asks what stands behind the numbers */
	/* Where policy has rows told again, and of an output that leaves out too few for numbers of its own: why. */
	struct sl_check_row *rows[SL_PLANS_MAX];
	bool small[SL_PLANS_MAX];
	uint64_t work;            /* numbers looked at by all searches */
	struct sl_rule_hit small_hit[SL_PLANS_MAX];
};

/* sl_check_judge - all of it, as sl_check_behind. */
SL_MUST_CHECK enum sl_rc sl_check_judge(struct sl_check_state *st, struct sl_err *err);

/*
 * sl_check_find - record a finding with the severity of its row, in call order. A finding past the bound is counted,
 * not kept; what it hides stays hidden.
 */
SL_MUST_CHECK enum sl_rc sl_check_find(struct sl_check_state *st, uint32_t output, uint32_t cell, uint32_t stat,
                                       enum sl_rule rule, const struct sl_rule_hit *hit, struct sl_err *err);

/* sl_check_draw - how a number's counts are rounded at random. place: cell-major, as evidence. Zero: not drawn. */
struct sl_draw sl_check_draw(const struct sl_result *result, uint32_t place);
/* sl_check_settle - findings stand by output and cell: the one found last moves down to its place. */
void sl_check_settle(struct sl_publication *pub);

/* sl_check_cells - rules of cell and statistic, closure and values of output i. */
SL_MUST_CHECK enum sl_rc sl_check_cells(struct sl_check_state *st, uint32_t i, struct sl_err *err);

/*
 * sl_check_told - see rule numerator: of a row's numbers that together tell how few are in none of them, one more is
 * hidden. hidden: by statistic.
 */
SL_MUST_CHECK enum sl_rc sl_check_told(struct sl_check_state *st, uint32_t output, uint32_t cell, bool *hidden,
                                       struct sl_err *err);

/*
 * sl_check_known - in a row of the output, implied counts of who has a value are told while both of a total and a mean
 * or share are. sl_check_known_open - which those are, of all outputs. SL_E_NOMEM; sl_check_known_close also then.
 */
SL_MUST_CHECK enum sl_rc sl_check_known_open(struct sl_check_state *st, struct sl_err *err);
void sl_check_known_close(struct sl_check_state *st);
void sl_check_known(const struct sl_check_state *st, uint32_t output, struct sl_published_cell *row);

/* sl_check_beside - the same of numbers of several outputs, and of earlier releases; needs every output's cells. */
SL_MUST_CHECK enum sl_rc sl_check_beside(struct sl_check_state *st, struct sl_err *err);

/* sl_check_few - numbers of a column of few values in several outputs, see rules/few.h; needs every output's cells. */
SL_MUST_CHECK enum sl_rc sl_check_few(struct sl_check_state *st, struct sl_err *err);
/*
 * sl_check_few_values - of which values of a column a number of the output tells, which is hidden for that.
 * sl_check_few_sort - once all are found.
 */
SL_MUST_CHECK enum sl_rc sl_check_few_values(struct sl_check_state *st, uint32_t output, uint32_t cell, uint32_t stat,
                                             const struct sl_few_column *c, const struct sl_few_group *group,
                                             struct sl_err *err);
void sl_check_few_sort(struct sl_publication *pub);

/* sl_check_differences - see rule differencing: output i against itself and the others; plans alone are looked at. */
SL_MUST_CHECK enum sl_rc sl_check_differences(struct sl_check_state *st, uint32_t i, struct sl_err *err);

/*
 * sl_check_secondary - hide more rows of the outputs marked, all about the same units under the same conditions, until
 * no hidden number can be worked out from the shown ones.
 *   safe  out  false: that cannot be had, or not all of their statistics can be audited; nothing was changed then
 */
SL_MUST_CHECK enum sl_rc sl_check_secondary(struct sl_check_state *st, const bool *in_group, bool *safe,
                                            struct sl_err *err);

/*
 * sl_check_totals - which outputs will be made from the rounded cells of a finer one of the same request, about the
 * same units: they then say nothing that those cells do not, and are not looked at beside them. To be asked again
 * whenever more is hidden.
 */
SL_MUST_CHECK enum sl_rc sl_check_totals(struct sl_check_state *st, struct sl_err *err);
/* sl_check_transform - policy's transformation of what is shown; calcs are worked out again. See policy/transform.h. */
SL_MUST_CHECK enum sl_rc sl_check_transform(struct sl_check_state *st, struct sl_err *err);
/* sl_check_rounding - see rule rounding; of the numbers that sl_check_transform made. */
SL_MUST_CHECK enum sl_rc sl_check_rounding(struct sl_check_state *st, struct sl_err *err);
/* sl_check_rounded - the same beside what was released before. */
SL_MUST_CHECK enum sl_rc sl_check_rounded(struct sl_check_state *st, struct sl_err *err);
/* sl_check_margins - see rules margins and secondary; needs every output's cells. */
SL_MUST_CHECK enum sl_rc sl_check_margins(struct sl_check_state *st, struct sl_err *err);

/*
 * sl_check_history - see rules history and tracker: hide rows of the request's outputs that must not be seen beside
 * what was released before, or beside each other when they are not about the same units.
 *   hid  out  some row was hidden: what hangs on it must be looked at again
 */
SL_MUST_CHECK enum sl_rc sl_check_history(struct sl_check_state *st, bool *hid, struct sl_err *err);
/*
 * sl_check_behind_open, _numbers - what stands behind each number: room for it; and, of what was decided, how far from
 * its limits. sl_check_before - which earlier cell each row of the space is most like; own: its outputs' sets, in the
 * audit behind the earlier ones. All three do nothing when nobody asks.
 */
SL_MUST_CHECK enum sl_rc sl_check_behind_open(struct sl_check_state *st, struct sl_err *err);
void sl_check_behind_numbers(struct sl_check_state *st);
SL_MUST_CHECK enum sl_rc sl_check_before(struct sl_check_state *st, const struct sl_history *history,
                                         const struct sl_audit *audit, const struct sl_earlier_output *own,
                                         struct sl_err *err);
/* sl_check_coarser - where groups are too small: how many still are without each key. Nothing when nobody asks. */
SL_MUST_CHECK enum sl_rc sl_check_coarser(struct sl_check_state *st, struct sl_err *err);
/* sl_check_by_level - where they are: how many still are with the values of a key put together. After coarser. */
SL_MUST_CHECK enum sl_rc sl_check_by_level(struct sl_check_state *st, struct sl_behind_remedies *out,
                                           struct sl_err *err);
/* sl_check_tried - what would cure the findings: the request judged without each thing. Nothing when nobody asks. */
SL_MUST_CHECK enum sl_rc sl_check_tried(struct sl_check_state *st, struct sl_err *err);
/*
 * sl_check_again_* - rows that are told again, where policy says so; otherwise they do nothing.
 *   open     room for them; close also after failure
 *   look     which earlier row each row of the space has, whatever is hidden; as sl_check_before
 *   defer    an output that leaves out too few: its rows are hidden, and whether it is refused is seen later. false: no
 *   tells    an output has a row that is told again
 *   settle   what was deferred, once all that is hidden is; list: of what was decided, the rows, into the publication
 */
SL_MUST_CHECK enum sl_rc sl_check_again_open(struct sl_check_state *st, struct sl_err *err);
void sl_check_again_close(struct sl_check_state *st);
SL_MUST_CHECK enum sl_rc sl_check_again_look(struct sl_check_state *st, const struct sl_history *history,
                                             const struct sl_audit *audit, const struct sl_earlier_output *own,
                                             struct sl_err *err);
bool sl_check_again_defer(struct sl_check_state *st, uint32_t output, const struct sl_rule_hit *hit);
bool sl_check_again_tells(const struct sl_check_state *st, uint32_t output);
SL_MUST_CHECK enum sl_rc sl_check_again_settle(struct sl_check_state *st, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_check_again_list(struct sl_check_state *st, struct sl_err *err);
/*
 * sl_check_rests - see rule depth: two sums of which one lies in the other tell what is left between them; dominance
 * and p-percent are asked of that as far as the largest of the outer sum answer for it. What they do not answer for is
 * for a person.
 *   before  in  history.plans of the space, and what stands before them in the audit
 */
SL_MUST_CHECK enum sl_rc sl_check_rests(struct sl_check_state *st, const struct sl_history *before,
                                        struct sl_audit *audit, struct sl_err *err);
/*
 * sl_check_sums - the same of what any numbers of an amount leave of each other; what a rule minds is hidden in the
 * audit, whose hits say so.
 */
SL_MUST_CHECK enum sl_rc sl_check_sums(struct sl_check_state *st, const struct sl_history *before,
                                          struct sl_audit *audit, struct sl_err *err);
/* sl_check_depth - a statistic of an output is for a person: one finding, who looks at it looks at all of it. */
SL_MUST_CHECK enum sl_rc sl_check_depth(struct sl_check_state *st, uint32_t i, uint32_t stat,
                                        const struct sl_rule_hit *hit, struct sl_err *err);
/* sl_check_name_other - the set of the audit that a hit must not be seen beside. SL_AUDIT_NO_SET: none. */
void sl_check_name_other(const struct sl_history *before, const struct sl_audit *audit, uint32_t set,
                         struct sl_rule_hit *hit);
/* sl_check_space_of - the history that output i is compared with; NULL: none is known. */
const struct sl_check_space *sl_check_space_of(const struct sl_check_state *st, uint32_t i);
/* sl_check_hide_row - all of a row is [c]. sl_check_hide_number - one of its statistics, and what is made of it. */
void sl_check_hide_row(struct sl_check_state *st, uint32_t output, uint32_t cell);
void sl_check_hide_number(struct sl_check_state *st, uint32_t output, uint32_t cell, uint32_t stat);

/*
 * sl_check_same_population - whether two checked plans are about the same units: same tables joined the same way, same
 * conditions over the same columns, as written. Other spellings count as different.
 */
bool sl_check_same_population(const struct sl_plan *a, const struct sl_plan *b);
/* sl_check_same_argument, sl_check_same_input - the same in the same way of two arguments, two inputs. */
bool sl_check_same_argument(const struct sl_plan *a, const struct sl_expr *ea, const struct sl_plan *b,
                            const struct sl_expr *eb);
bool sl_check_same_input(const struct sl_plan *a, uint32_t i, const struct sl_plan *b, uint32_t j);
/* sl_check_are_disjoint - two conditions that are ranges of one column, and none of its values is in both. */
bool sl_check_are_disjoint(const struct sl_plan *a, const struct sl_expr *ea, const struct sl_plan *b,
                           const struct sl_expr *eb);
/* sl_check_includes - two of one plan: the outer has all of the inner's values, and others. */
bool sl_check_includes(const struct sl_plan *plan, const struct sl_expr *outer, const struct sl_expr *inner);
/* sl_check_conditions_read - whether a condition of the plan reads a column that the argument of a statistic does. */
bool sl_check_conditions_read(const struct sl_plan *plan, const struct sl_expr *arg);

#endif
