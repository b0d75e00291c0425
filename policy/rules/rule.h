/*
 * rule.h - the disclosure rules: one rule, one file, one row here.
 *
 * A rule is a pure question about one place (a cell, a statistic of a cell, an output, the request): is it unsafe?
 * It never changes anything; policy/check.c asks and draws the consequence that the row's severity names.
 * Parameters come from struct sl_rules; zeroed parameters make everything unsafe.
 */
#ifndef SL_POLICY_RULES_RULE_H
#define SL_POLICY_RULES_RULE_H

#include "enclave/pact/setup.h"

/* Bits: where a rule is asked. */
enum sl_rule_scope {
	SL_RULE_SCOPE_NONE = 0,
	SL_RULE_SCOPE_CELL = 1,    /* once per cell; a hit hides the row */
	SL_RULE_SCOPE_STAT = 2,    /* once per cell and statistic; a hit hides it and what is linked to it */
	SL_RULE_SCOPE_OUTPUT = 4,  /* once per statistic with no cell, and once of the whole output */
	SL_RULE_SCOPE_CLOSURE = 8, /* follows from other findings; no question of its own */
};

/* How `measured` of a rule stands to its limit where the rule finds nothing, so that one may be told from the other. */
enum sl_rule_margin {
	SL_RULE_MARGIN_NONE = 0, /* it does not measure */
	SL_RULE_MARGIN_ABOVE,    /* at least the limit is safe */
	SL_RULE_MARGIN_BELOW,    /* a percentage; less than the limit is safe */
};

/* The place asked about. */
struct sl_rule_case {
	const struct sl_check_setup *setup;
	const struct sl_rules *rules;
	const struct sl_plan *plan;
	const struct sl_result *result;
	uint32_t cell; /* SCOPE_OUTPUT: SL_FINDING_WHOLE */
	uint32_t stat; /* SCOPE_CELL: SL_FINDING_WHOLE; SCOPE_OUTPUT: a statistic or SL_FINDING_WHOLE */
	const struct sl_evidence *
		evidence; /* of cell and stat (SCOPE_CELL: of statistic 0, whose cell_units count); NULL for SCOPE_OUTPUT */
};

/* Why it is unsafe; of a rule with a margin also how far it is from being so. A limit of 0: it was not asked. */
struct sl_rule_hit {
	uint64_t units;
	int64_t measured, limit; /* in the row's unit */
	/* the number it must not be seen beside: */
	bool has_other;
	uint64_t release;        /* 0: of the request */
	uint32_t other_output, other_cell;
};

/* What has the place of a minimum or maximum: told of a plan before it runs, and of a finding. */
#define SL_RULE_EXTREMES_REMEDY \
	"group by bands of the column and ask for the mean of each: in the topmost it is that of the largest; " \
	"or ask for a quantile that enough units lie beyond"

struct sl_rule_row {
	enum sl_rule rule;
	const char *id;   /* "threshold": stable, in records */
	const char *acro; /* ACRO's name of the check; "" : none */
	uint32_t scope;   /* enum sl_rule_scope bits */
	uint32_t of;      /* bits SL_RULE_OF: it can only speak of these statistics; 0: of any output */
	enum sl_severity severity;
	bool confidential;  /* its parameters never leave */
	enum sl_rule_margin margin;
	const char *unit;   /* of measured and limit: "units", "percent" (scale 3), "" */
	const char *allowed; /* how measured must stand to the limit, in words: "at least"; NULL: there is no limit */
	const char *reason; /* for the reviewer, one sentence */
	const char *remedy; /* for the author */
	bool (*unsafe)(const struct sl_rule_case *c, struct sl_rule_hit *hit); /* NULL: SCOPE_CLOSURE */
};

#define SL_RULE_OF(fn) (UINT32_C(1) << (fn))

/* Indexed by enum sl_rule; row 0 is empty. */
extern const struct sl_rule_row sl_rules_table[SL_RULE_COUNT_];

/*
 * sl_rule_ask - put the rule's question about the place; false, and *hit as it was, where it has none there.
 * sl_rule_concerns - the plan has something the rule can speak of: elsewhere sl_rule_ask is false throughout.
 */
bool sl_rule_ask(const struct sl_rule_row *row, const struct sl_rule_case *c, struct sl_rule_hit *hit);
bool sl_rule_concerns(const struct sl_rule_row *row, const struct sl_plan *plan);

/* sl_rule_find - by enum value from anywhere: row 0 for a number that is none. */
const struct sl_rule_row *sl_rule_find(uint8_t rule);

#endif
