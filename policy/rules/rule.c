/* rule.c - see rule.h: the one list of rules. */
#include "policy/rules/rules.h"

#define OF_MAGNITUDE (SL_RULE_OF(SL_STAT_SUM) | SL_RULE_OF(SL_STAT_MEAN))
#define OF_MODEL (SL_RULE_OF(SL_STAT_COEF) | SL_RULE_OF(SL_STAT_COEF_SE) | SL_RULE_OF(SL_STAT_R2))
#define OF_TOTAL (OF_MAGNITUDE | SL_RULE_OF(SL_STAT_INTERCEPT) | OF_MODEL) /* sl_rule_tells_total */
#define OF_LINE (SL_RULE_OF(SL_STAT_CORR) | SL_RULE_OF(SL_STAT_SLOPE) | SL_RULE_OF(SL_STAT_INTERCEPT))
#define OF_SPREAD (SL_RULE_OF(SL_STAT_VAR) | SL_RULE_OF(SL_STAT_SD))
#define OF_MOMENTS (OF_SPREAD | OF_LINE)
#define OF_CONDITION (SL_RULE_OF(SL_STAT_COUNT_IF) | SL_RULE_OF(SL_STAT_SHARE))
#define OF_ROWS (OF_CONDITION | SL_RULE_OF(SL_STAT_COUNT)) /* sl_rule_counts_rows */

const struct sl_rule_row sl_rules_table[SL_RULE_COUNT_] = {
	[SL_RULE_NONE] = {.rule = SL_RULE_NONE, .id = "none", .acro = "", .unit = "", .reason = "no rule", .remedy = ""},
	[SL_RULE_THRESHOLD] = {
		.rule = SL_RULE_THRESHOLD, .id = "threshold", .acro = "MinimumThresholdCheck",
		.scope = SL_RULE_SCOPE_CELL | SL_RULE_SCOPE_STAT, .severity = SL_SEVERITY_SUPPRESS, .unit = "units",
		.margin = SL_RULE_MARGIN_ABOVE, .allowed = "at least",
		.reason = "fewer units stand behind it than policy asks",
		.remedy = "use wider bands or fewer keys, so that each cell has more units", .unsafe = sl_rule_threshold,
	},
	[SL_RULE_NUMERATOR] = {
		.rule = SL_RULE_NUMERATOR, .of = OF_CONDITION | OF_MAGNITUDE | OF_SPREAD,
		.id = "numerator", .acro = "", .scope = SL_RULE_SCOPE_STAT,
		.severity = SL_SEVERITY_SUPPRESS, .unit = "units", .allowed = "at least",
		.margin = SL_RULE_MARGIN_ABOVE,
		.reason = "few units meet the condition, or few do not, or with other numbers it says that few have no value, "
			  "or one of a few",
		.remedy = "ask for a wider condition, for fewer numbers of the column, or group less finely",
		.unsafe = sl_rule_numerator,
	},
	[SL_RULE_DOMINANCE] = {
		.rule = SL_RULE_DOMINANCE, .of = OF_TOTAL | OF_MOMENTS | OF_ROWS,
		.id = "dominance", .acro = "NKCheck", .scope = SL_RULE_SCOPE_STAT,
		.severity = SL_SEVERITY_SUPPRESS, .confidential = true, .unit = "percent", .allowed = "less than",
		.margin = SL_RULE_MARGIN_BELOW,
		.reason = "a few units make up nearly all of it",
		.remedy = "group less finely, so that no unit dominates a cell", .unsafe = sl_rule_dominance,
	},
	[SL_RULE_P_PERCENT] = {
		.rule = SL_RULE_P_PERCENT, .of = OF_TOTAL | OF_MOMENTS | OF_ROWS,
		.id = "p-percent", .acro = "PPercentCheck", .scope = SL_RULE_SCOPE_STAT,
		.severity = SL_SEVERITY_SUPPRESS, .confidential = true, .unit = "percent", .allowed = "at least",
		.margin = SL_RULE_MARGIN_ABOVE,
		.reason = "the second largest unit could estimate the largest too closely",
		.remedy = "group less finely, so that no unit dominates a cell", .unsafe = sl_rule_p_percent,
	},
	[SL_RULE_NEGATIVES] = {
		.rule = SL_RULE_NEGATIVES, .of = OF_MAGNITUDE,
		.id = "negatives", .acro = "NegativeValuesCheck", .scope = SL_RULE_SCOPE_STAT,
		.severity = SL_SEVERITY_REVIEW, .unit = "units",
		.reason = "some units contribute negative amounts; dominance was judged on absolute ones",
		.remedy = "tell the reviewer what a negative amount means", .unsafe = sl_rule_negatives,
	},
	[SL_RULE_GROUP_DISCLOSURE] = {
		.rule = SL_RULE_GROUP_DISCLOSURE, .id = "group-disclosure", .acro = "",
		.scope = SL_RULE_SCOPE_CELL | SL_RULE_SCOPE_STAT,
		.severity = SL_SEVERITY_SUPPRESS, .confidential = true, .unit = "percent", .allowed = "at most",
		.margin = SL_RULE_MARGIN_BELOW,
		.reason = "nobody, everybody or nearly everybody of a group has this sensitive value",
		.remedy = "group the sensitive column less finely, or leave it out", .unsafe = sl_rule_group_disclosure,
	},
	[SL_RULE_WITHIN_GROUP] = {
		.rule = SL_RULE_WITHIN_GROUP, .id = "within-group", .acro = "", .scope = SL_RULE_SCOPE_CELL,
		.severity = SL_SEVERITY_SUPPRESS, .unit = "units",
		.reason = "one unit on its own knows where all others of its group are",
		.remedy = "use wider bands or fewer keys", .unsafe = sl_rule_within_group,
	},
	[SL_RULE_ALL_EQUAL] = {
		.rule = SL_RULE_ALL_EQUAL, .of = OF_CONDITION | OF_MAGNITUDE | OF_MOMENTS | OF_MODEL,
		.id = "all-equal", .acro = "AllValuesAreSameCheck", .scope = SL_RULE_SCOPE_STAT,
		.severity = SL_SEVERITY_SUPPRESS, .unit = "",
		.reason = "every unit behind it has the same value, or lies on the same line",
		.remedy = "group less finely, so that cells are mixed", .unsafe = sl_rule_all_equal,
	},
	[SL_RULE_EXTREMES] = {
		.rule = SL_RULE_EXTREMES, .of = SL_RULE_OF(SL_STAT_MIN) | SL_RULE_OF(SL_STAT_MAX),
		.id = "extremes", .acro = "", .scope = SL_RULE_SCOPE_OUTPUT,
		.severity = SL_SEVERITY_REFUSE, .unit = "",
		.reason = "a minimum or maximum is one unit's own value",
		.remedy = SL_RULE_EXTREMES_REMEDY, .unsafe = sl_rule_extremes,
	},
	[SL_RULE_SMALL_COMPLEMENT] = {
		.rule = SL_RULE_SMALL_COMPLEMENT, .id = "small-complement", .acro = "", .scope = SL_RULE_SCOPE_OUTPUT,
		.severity = SL_SEVERITY_REFUSE, .unit = "units", .allowed = "at least",
		.margin = SL_RULE_MARGIN_ABOVE,
		.reason = "the condition leaves out too few units to be told apart from no condition, or, of a sensitive column, "
			  "nearly all or hardly any",
		.remedy = "leave the condition out, or choose one that leaves out more units", .unsafe = sl_rule_small_complement,
	},
	[SL_RULE_ZERO] = {
		.rule = SL_RULE_ZERO, .id = "zero", .acro = "PresenceOfZeroCheck", .scope = SL_RULE_SCOPE_CELL,
		.severity = SL_SEVERITY_SUPPRESS, .unit = "units",
		.reason = "nobody is in the cell, and that is not public knowledge",
		.remedy = "use wider bands; the owner can declare a structural zero in the catalogue", .unsafe = sl_rule_zero,
	},
	[SL_RULE_RANGE] = {
		.rule = SL_RULE_RANGE, .id = "range", .acro = "", .scope = SL_RULE_SCOPE_STAT,
		.severity = SL_SEVERITY_SUPPRESS, .unit = "",
		.reason = "a number is too large for 64 bits, or these rows give it none",
		.remedy = "divide the measure before summing it; for a line, take rows whose values differ",
		.unsafe = sl_rule_range,
	},
	[SL_RULE_CONTEXT] = {
		.rule = SL_RULE_CONTEXT, .id = "context", .acro = "", .scope = SL_RULE_SCOPE_OUTPUT,
		.severity = SL_SEVERITY_REFUSE, .unit = "",
		.reason = "there is more than a person can review",
		.remedy = "ask for fewer groups, or in fewer outputs",
		.unsafe = sl_rule_context,
	},
	[SL_RULE_MARGINS] = {
		.rule = SL_RULE_MARGINS, .id = "margins", .acro = "PresenceOfLinkedTableCheck", .scope = SL_RULE_SCOPE_CLOSURE,
		.severity = SL_SEVERITY_REFUSE, .unit = "",
		.reason = "another output about the same units could give back a suppressed cell whatever else is suppressed, "
			  "or single out a few units by its other condition",
		.remedy = "give all outputs the same where and one kind of number, group less finely, or leave one out; "
			  "a request of its own for that one is compared with what was released",
	},
	[SL_RULE_LINKED] = {
		.rule = SL_RULE_LINKED, .id = "linked", .acro = "", .scope = SL_RULE_SCOPE_CLOSURE,
		.severity = SL_SEVERITY_SUPPRESS, .unit = "",
		.reason = "it reads the same column as a suppressed statistic of its row",
		.remedy = "see the statistic it is linked to",
	},
	[SL_RULE_QUANTILE] = {
		.rule = SL_RULE_QUANTILE, .of = SL_RULE_OF(SL_STAT_QUANTILE),
		.id = "quantile", .acro = "", .scope = SL_RULE_SCOPE_STAT,
		.severity = SL_SEVERITY_SUPPRESS, .unit = "units", .allowed = "at least",
		.margin = SL_RULE_MARGIN_ABOVE,
		.reason = "few units lie below the quantile, few above it, or few between it and the next that may be asked",
		.remedy = "ask for a part nearer to the median or a rounder one (0.5, 0.25, 0.9, 0.05), or group less finely",
		.unsafe = sl_rule_quantile_sides,
	},
	[SL_RULE_QUANTILE_VALUE] = {
		.rule = SL_RULE_QUANTILE_VALUE, .of = SL_RULE_OF(SL_STAT_QUANTILE),
		.id = "quantile-value", .acro = "", .scope = SL_RULE_SCOPE_STAT,
		.severity = SL_SEVERITY_REVIEW, .unit = "units", .allowed = "at least",
		.reason = "the quantile is the own value of few units",
		.remedy = "round the measure to a coarser grid before taking its quantile", .unsafe = sl_rule_quantile_value,
	},
	[SL_RULE_DEGREES_OF_FREEDOM] = {
		.rule = SL_RULE_DEGREES_OF_FREEDOM, .of = OF_MOMENTS | OF_MODEL,
		.id = "degrees-of-freedom", .acro = "MinimumDoFCheck",
		.scope = SL_RULE_SCOPE_STAT, .severity = SL_SEVERITY_SUPPRESS, .unit = "units", .allowed = "at least",
		.margin = SL_RULE_MARGIN_ABOVE,
		.reason = "too few units remain behind a spread or a line once its own parameters are taken off",
		.remedy = "use wider bands or fewer keys, so that each cell has more units",
		.unsafe = sl_rule_degrees_of_freedom,
	},
	[SL_RULE_DIFFERENCING] = {
		.rule = SL_RULE_DIFFERENCING, .id = "differencing", .acro = "", .scope = SL_RULE_SCOPE_CLOSURE,
		.severity = SL_SEVERITY_REVIEW, .unit = "",
		.reason = "it reads a column that another statistic or output reads in another way, or counts rows where few units "
			  "have several: one less the other may be about a few units",
		.remedy = "ask for one of the two, or for ranges that do not overlap; else tell the reviewer who lies between",
	},
	[SL_RULE_SECONDARY] = {
		.rule = SL_RULE_SECONDARY, .id = "secondary", .acro = "PresenceOfLinkedTableCheck",
		.scope = SL_RULE_SCOPE_CLOSURE, .severity = SL_SEVERITY_SUPPRESS, .unit = "",
		.reason = "with it and the other outputs of the request a suppressed number could be worked out",
		.remedy = "request fewer outputs about the same units, or group less finely",
	},
	[SL_RULE_HISTORY] = {
		.rule = SL_RULE_HISTORY, .id = "history", .acro = "PresenceOfLinkedTableCheck",
		.scope = SL_RULE_SCOPE_CLOSURE, .severity = SL_SEVERITY_SUPPRESS, .unit = "units", .allowed = "at least",
		.reason = "beside what was released before, or another output, it would tell of few units, or what few have "
			  "now, or what a rule hid",
		.remedy = "ask for groups that the earlier release has, or for coarser ones; of a later version of a table for "
			  "groups in which more has changed, and keep to the earlier numbers until then (a policy that says "
			  "near: earlier puts them in their place)",
	},
	[SL_RULE_TRACKER] = {
		.rule = SL_RULE_TRACKER, .id = "tracker", .acro = "PresenceOfLinkedTableCheck",
		.scope = SL_RULE_SCOPE_CLOSURE, .severity = SL_SEVERITY_REFUSE, .unit = "",
		.reason = "beside what was released before nothing is left of it that would not tell about a few units",
		.remedy = "ask for groups that the earlier release has, or for coarser ones; of a later version of a table for "
			  "groups in which more has changed, and keep to the earlier numbers until then (a policy that says "
			  "near: earlier puts them in their place)",
	},
	[SL_RULE_DEPTH] = {
		.rule = SL_RULE_DEPTH, .id = "depth", .acro = "", .scope = SL_RULE_SCOPE_CLOSURE,
		.severity = SL_SEVERITY_REVIEW, .unit = "",
		.reason = "beside what was released before nothing speaks against it, but not for every small group of units "
			  "is there proof that it stays hidden, nor of all that sums leave of each other that it is not of few",
		.remedy = "ask for fewer groups, or in fewer outputs; else the reviewer decides",
	},
	[SL_RULE_ROUNDING] = {
		.rule = SL_RULE_ROUNDING, .id = "rounding", .acro = "", .scope = SL_RULE_SCOPE_CLOSURE,
		.severity = SL_SEVERITY_REFUSE, .unit = "",
		.reason = "the rounded numbers of the request, put together, tell an exact one too closely",
		.remedy = "leave out one of the numbers that add up, or ask for a finer output whose cells make both "
			  "tables; where everybody has as many rows, count units",
	},
	[SL_RULE_EXPRESSION] = {
		.rule = SL_RULE_EXPRESSION, .id = "expression", .acro = "", .scope = SL_RULE_SCOPE_OUTPUT,
		.severity = SL_SEVERITY_REVIEW, .unit = "",
		.reason = "its argument treats some rows otherwise than others, or leaves some out by size, and may tell of a few",
		.remedy = "use count_if, another key or a plain column, declare its bounds; else tell the reviewer why",
		.unsafe = sl_rule_expression,
	},
	[SL_RULE_REGRESSOR] = {
		.rule = SL_RULE_REGRESSOR, .of = OF_MODEL,
		.id = "regressor", .acro = "", .scope = SL_RULE_SCOPE_STAT,
		.margin = SL_RULE_MARGIN_ABOVE,
		.severity = SL_SEVERITY_SUPPRESS, .unit = "units", .allowed = "at least",
		.reason = "few units tell one x of the model from a constant, or from the other x",
		.remedy = "leave that x out, or make it coarser; take groups of more units", .unsafe = sl_rule_regressor,
	},
	[SL_RULE_LEVERAGE] = {
		.rule = SL_RULE_LEVERAGE, .of = SL_RULE_OF(SL_STAT_COEF) | OF_LINE,
		.id = "leverage", .acro = "", .scope = SL_RULE_SCOPE_STAT,
		.margin = SL_RULE_MARGIN_ABOVE,
		.severity = SL_SEVERITY_REVIEW, .unit = "units", .allowed = "at least",
		.reason = "the other x of the model say nearly the same, and a few units may decide what is left; or one unit may "
			  "be so far from the others in x that a line goes through it",
		.remedy = "leave out one of the x that go together; for a line take lm(y, x), or have the owner declare minimum "
			  "and maximum of x; else tell the reviewer why",
		.unsafe = sl_rule_leverage,
	},
	[SL_RULE_NARROW] = {
		.rule = SL_RULE_NARROW, .id = "narrow", .acro = "", .scope = SL_RULE_SCOPE_CLOSURE,
		.severity = SL_SEVERITY_REVIEW, .unit = "units", .allowed = "at least",
		.reason = "with it, and what was released before, it is known to so many more or less how many units there are "
			  "in a group that is not shown",
		.remedy = "ask for groups that the earlier releases have, or for coarser ones; "
			  "else tell the reviewer why that may be known",
	},
};

bool sl_rule_ask(const struct sl_rule_row *row, const struct sl_rule_case *c, struct sl_rule_hit *hit)
{
	if (row->unsafe == NULL)
		return false;
	if (row->of != 0 && (c->stat == SL_FINDING_WHOLE || (row->of & SL_RULE_OF(c->plan->stats[c->stat].fn)) == 0))
		return false;
	return row->unsafe(c, hit);
}

bool sl_rule_concerns(const struct sl_rule_row *row, const struct sl_plan *plan)
{
	bool found = row->of == 0;

	for (uint32_t i = 0; i < plan->nstats && !found; i++)
		found = (row->of & SL_RULE_OF(plan->stats[i].fn)) != 0;
	return found;
}

const struct sl_rule_row *sl_rule_find(uint8_t rule)
{
	return &sl_rules_table[rule < SL_RULE_COUNT_ ? rule : SL_RULE_NONE];
}
