/*
 * history.h - what was released before, as sluice-check is told it: of each earlier output which sets anybody may have
 * seen, and what each set is. The units behind them are in sl_atoms, whose outputs are these and then the request's own
 * of the space. Where there is nothing to compare (one output, and no earlier one) sl_atoms is empty.
 */
#ifndef SL_PACT_HISTORY_H
#define SL_PACT_HISTORY_H

#include "enclave/base/num.h"
#include "enclave/pact/public.h"
#include "enclave/pact/setup.h"

#define SL_PREDICATE_PARTS_MAX 256
#define SL_READINGS_MAX 4096

/*
 * One of the conditions that a row of a set meets, hashed: sl_predicate_set (policy/history/predicate.h). 128 bits:
 * whoever writes conditions can try 2^32 of them, and of so many two would agree in 64.
 */
struct sl_predicate_part {
	sl_i128 hash;
};

/* A set of an earlier output (members.h has their order). */
struct sl_earlier_set {
	struct sl_predicate_part *parts; /* rising; a row is in the set when it meets all */
	uint32_t nparts;
	uint8_t shown;                   /* 1: some number of it left the enclave */
	uint8_t primary;                 /* 1: hidden for how many it counts, and not for the sake of another set */
	uint32_t measures;               /* of a row: bit i, its output's measures[i] left */
	uint8_t counted;                 /* 1: how many rows, or units, it has was printed, as `count` */
	int64_t count;
	uint32_t told;                   /* of a row: bit i, its output's stats[i] left */
};

/*
 * A statistic that adds up, or spreads, something made of a column: the way in which it reads it, hashed. Or a print of
 * an output's rows (members.h): the input that it is of, with how its values are coded; 0: there is no print of it.
 */
struct sl_reading {
	sl_i128 column, way;
	uint8_t measure;                 /* of its output's measures, what the statistic tells; or the print */
};

/* The prints that are of what a set counts or measures: bit i, print i. */
struct sl_printed_set {
	uint32_t prints;
};

/* A table that an output is of, and which version, both hashed. */
struct sl_table_version {
	sl_i128 table, version;
};

/*
 * A statistic that tells how many have a value together with another one of the same thing and the same rows: a total,
 * or what is left of it when it is divided by how many have one.
 */
struct sl_half {
	sl_i128 of;                      /* hashed */
	uint8_t stat;                    /* of its output's stats */
	uint8_t quotient;                /* 1: mean or share; 0: sum or count_if */
	uint8_t set;                     /* of a share whose condition may be not known: its set of a cell; else 0 */
};
#define SL_HALVES_MAX (2 * SL_STATS_NAMED_MAX)

/* A condition of an output's sets that reads a sensitive column. */
struct sl_sensitive {
	struct sl_predicate_part part;
	uint8_t negates;                 /* 1: of a flag, it keeps those who have it not */
};

/*
 * A condition that asks for one of several values of a column: it is met where one of these is. Each is the condition
 * that asks for that value alone, as a group of a key by the column does.
 */
struct sl_condition_union {
	struct sl_predicate_part of;      /* the column, or what else has the values, hashed */
	struct sl_predicate_part whole;   /* the condition */
	struct sl_predicate_part known;   /* asked for with each of the values: that there is one; 0: there always is */
	struct sl_predicate_part *values; /* of one alone: whole */
	uint32_t nvalues;
};
#define SL_CONDITION_VALUES_MAX 64

/* Of a release; or a public total (public.h), which everybody has seen, kept with it or with the request. */
struct sl_earlier_output {
	uint64_t release;       /* 7: L-7; 0: the request, of a public total alone */
	uint16_t output;        /* its place there; SL_PUBLIC_FIRST + i: its public total i */
	uint32_t per_cell;      /* sets of a cell */
	struct sl_earlier_set *sets;
	uint32_t nsets;
	uint64_t of_known;               /* bit i: a cell's set i + 1 is who has a value, which is told and not printed */
	struct sl_predicate_part *measures; /* what it tells besides counts, rising: sl_predicate_measures */
	uint32_t nmeasures;
	struct sl_reading *readings;     /* columns that its measures are made of: sl_reading_list */
	uint32_t nreadings;
	struct sl_half *halves;          /* of its statistics: sl_halves_list */
	uint32_t nhalves;
	struct sl_sensitive *sensitive;  /* of the conditions of its sets: sl_sensitive_list */
	uint32_t nsensitive;
	struct sl_predicate_part *stats; /* its statistics, in order: sl_predicate_stat */
	uint32_t nstats;
	struct sl_condition_union *unions; /* of the conditions of its sets, besides those that keys make */
	uint32_t nunions;
	struct sl_reading *printed;      /* what its prints are of */
	uint32_t nprinted;
	struct sl_printed_set *by_set;   /* of the sets of a cell, as many as there are; a public total: none */
	uint32_t nby_set;
	struct sl_table_version *versions; /* a public total: none, for it says what there is now */
	uint32_t nversions;
	struct sl_predicate_part tables; /* whose rows they are of, and how joined: sl_predicate_tables */
	struct sl_rules rules;           /* that it left under: what was done to counts before they were printed */
	uint8_t again;                   /* 1: whoever asks has its numbers, so that they may be told again */
};

struct sl_history_plan {
	uint16_t plan;
	struct sl_table_version *versions;
	uint32_t nversions;
};

/* Of one unit space, that the request has outputs in. */
struct sl_history {
	struct sl_history_plan *plans;      /* those outputs, rising */
	uint32_t nplans;
	struct sl_earlier_output *outputs;  /* the request's public totals, then oldest first */
	uint32_t noutputs;
};

extern const struct sl_record sl_history_record;

/* sl_earlier_is_public - a public total, not an output. */
bool sl_earlier_is_public(const struct sl_earlier_output *o);
/* sl_versions_differ - whether both are of some table in different versions. */
bool sl_versions_differ(const struct sl_table_version *a, uint32_t na, const struct sl_table_version *b, uint32_t nb);
/* sl_history_check - outputs are of a release, or public totals, and say what each of a cell's sets is. SL_E_INPUT. */
SL_MUST_CHECK enum sl_rc sl_history_check(const struct sl_history *h, struct sl_err *err);

#endif
