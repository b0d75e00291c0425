/*
 * audit.h - what several outputs, earlier ones and those of a request, give away together about a few units.
 *
 * A set is the rows behind a number (pact/members.h); an atom is units that are in the same sets in the same way; a
 * family is the sets of one output with the same number, one per cell. Whoever holds the outputs is taken to know of
 * every shown set how many units are in it, and which conditions make it, whatever numbers of it were in fact shown.
 * Nine questions, each exact but the last two, and what is done about the answer (rows of the request are hidden, or
 * numbers of a row: those that the set is of):
 *
 *   pairs         two shown sets differ by fewer than t units, none included, unless they are the same by their
 *                 conditions; of those that are, and hold the same units, but read other versions of a table: fewer
 *                 than t have something else now of a column that both tell
 *   remainders    of a shown set, without the shown sets of another family that lie in it, fewer than t units are
 *                 left, or none, where a hidden set without units lies in it by its conditions
 *   lattices      cells of one family and cells of another hold the same units: what is hidden of the one is known in
 *                 sum from the other, and is fewer than t units; or shown cells of the one hold all units that shown
 *                 cells of the other do, and fewer than t besides, or none though their conditions ask for less; or
 *                 one set alone is hidden of the one, for how many it counts, and by their conditions both are of the
 *                 same units: it is told, however many it is; shown cells hold the same units, in other versions of a
 *                 table with one row per unit, and fewer than t have something else now
 *   bounds        an atom or a hidden set is known to have units, and fewer than t, from all shown sets taken together
 *                 equation by equation
 *   combinations  the same, however many shown sets are added and subtracted for it; so are several atoms, each once,
 *                 that have fewer than t units together (unions.h); of small systems only
 *   primaries     a set that is hidden for how many it counts: it is a combination of shown ones, whatever kinds of
 *                 units there are (primaries.c); of small systems only
 *   zeros         a hidden set that nobody is in, or a condition's that all of its row are in: in no table that agrees
 *                 with all shown sets is it otherwise (zeros.c); of small systems only
 *   versions      shown sets of several versions of a table, added and subtracted, leave no unit over, and fewer than t
 *                 have something else now in those that count (versions.c); tables with one row per unit. In large
 *                 systems a set less cells within it, beside a set or beside the same difference (rests.c)
 *   row versions  the same of tables with several rows per unit: what rows of a unit are worth, wherever they lie, is
 *                 left of fewer than t (row_versions.c)
 *
 * A statistic can be hidden in a row that is shown, for the sake of what it measures: one unit makes up most of a sum.
 * So remainders and lattices are asked once more of each measure that two outputs tell, where it is shown and where
 * not: one number alone that is hidden must not be what is left over. And once more where another output tells it
 * nearly: by a measure that is made of a column of it in another way, as the sum of pay and bonus beside that of pay.
 *
 * Whether there is proof that nothing else follows is looked at in small systems only (joint.h). Source of the terms:
 * EU Handbook on Statistical Disclosure Control, 2nd ed., chapters 4 and 5.
 */
#ifndef SL_POLICY_HISTORY_AUDIT_H
#define SL_POLICY_HISTORY_AUDIT_H

#include "enclave/pact/history.h"

struct sl_audit_set {
	const struct sl_predicate_part *parts; /* rising */
	uint32_t nparts;
	uint32_t family;        /* sl_audit_index and those after it are set there */
	uint64_t units;
	uint64_t rank;          /* of sets with as many units, the one to hide first; from conditions, never from a value */
	uint32_t measures;      /* bit i: its output's measures[i] is shown */
	bool shown;
	bool primary;           /* hidden for how many it counts */
	uint64_t numbers;       /* of a row of the request: bit i, statistic i is shown */
};

/*
 * Which statistics of a row go, a bit each, where one of its sets must not be seen, or a measure: those that are of it,
 * and those that could give it back. The row itself goes as a whole.
 */
struct sl_audit_numbers {
	uint64_t by_set[SL_STATS_MAX + 1];      /* per set of a cell, from 1 */
	uint64_t by_measure[SL_STATS_MAX];
	uint64_t telling[SL_STATS_MAX];         /* per measure: those that are of it */
	uint8_t stat_of[SL_STATS_MAX + 1];      /* per set of a cell, from 1: which it is of */
};

struct sl_audit_output {
	uint32_t first_set, per_cell;          /* its sets: first_set … the next output's first_set - 1 */
	const struct sl_predicate_part *measures; /* what it tells besides counts, rising */
	uint32_t nmeasures;
	const struct sl_reading *readings;     /* what those are made of */
	uint32_t nreadings;
	const struct sl_condition_union *unions; /* of its conditions, those that are lists of values */
	uint32_t nunions;
	const struct sl_reading *printed;      /* what prints of its rows are of, and by a cell's sets; as in history */
	uint32_t nprinted;
	const struct sl_printed_set *by_set;   /* nby_set: per_cell, or 0 */
	uint32_t nby_set;
	const struct sl_table_version *versions;
	uint32_t nversions;
	bool is_public;                        /* of history: what everybody knows from elsewhere */
	const struct sl_audit_numbers *numbers; /* of the request; NULL: its rows are hidden as a whole */
	bool absent;                           /* does not tell the measure that is asked about */
	uint32_t asked;                        /* bit i: its measure i is what is asked about, or nearly */
};

struct sl_audit_family {
	uint32_t output;
	uint32_t first_set, nsets, stride;     /* first_set, first_set + stride, … */
};

/* Something that must not be seen. */
struct sl_audit_hit {
	uint32_t set;      /* the request's: its row was hidden for it, or numbers of the row */
	uint32_t other;    /* the set, of another output, it must not be seen beside; SL_AUDIT_NO_SET: all together */
	uint64_t units;    /* that would be singled out */
	uint64_t numbers;  /* bit i: statistic i was hidden; 0: the row was */
};
#define SL_AUDIT_NO_SET UINT32_MAX

/* What is left of a set when the shown sets of another output that lie in it are taken off, and is no hit. */
struct sl_audit_rest {
	sl_i128 measure;        /* that all of them tell */
	uint32_t set;
	const uint32_t *inner;  /* those sets, of one family; ninner > 0 */
	uint32_t ninner;
	uint64_t units;         /* that are left */
};
typedef enum sl_rc sl_audit_rest_fn(void *context, const struct sl_audit_rest *rest, struct sl_err *err);

#define SL_AUDIT_EACH 0u
#define SL_AUDIT_EARLIER 1u
struct sl_audit {
	const struct sl_atoms *atoms;          /* checked */
	struct sl_audit_set *sets;
	uint32_t nsets;
	struct sl_audit_output *outputs;       /* noutputs + 1 of them: the last has first_set alone */
	uint32_t noutputs, nearlier;           /* the first nearlier are history, the others the request's */
	uint64_t threshold;
	/* [i * nnew + j] of the request's outputs i, j: they are audited together elsewhere. NULL: none are. */
	const bool *apart;
	bool by_number;                        /* small: all sets are asked about together, whichever of a row are shown */
	bool of_measure;                       /* a measure is asked about: shown says whether it is */
	sl_i128 measure;                       /* which */
	/* Beside others: SL_AUDIT_EACH, SL_AUDIT_EARLIER: all of history, or 2 and more: output less 2. */
	uint32_t asked_of;
	sl_audit_rest_fn *rest;                /* is told what is left of sets by a measure; NULL: nobody asks */
	void *rest_context;
	bool zeros_given_up;                   /* sl_audit_zeros: there was too much to look at; whoever asks has to say so */
	bool primaries_given_up;               /* sl_audit_primaries: the same */
	bool versions_given_up;                /* sl_audit_versions, sl_audit_row_versions: the same */
	uint64_t searched;                     /* columns looked at for groups of several atoms: see SL_AUDIT_SEARCH_MAX */
	uint64_t ways_out;                     /* work done to choose what is hidden */
	uint64_t proofs;                       /* numbers looked at for proof: sl_audit_joint */
	struct sl_audit_hit *hits;             /* in the order they were found */
	uint32_t nhits, hits_cap;
	/* by sl_audit_index */
	struct sl_audit_family *families;
	uint32_t nfamilies;
	uint32_t *first_atom, *atom_of;        /* atoms atom_of[first_atom[set]] … of a set, each once */
	uint32_t *changed;                     /* per place of the atoms: columns that have changed there; NULL: none has */
	uint32_t *rows_of;                     /* per set, as its output's in atoms: asked of every place of every atom */
	/* places own[first_own[atom]] … of an atom in the request's sets, once more: together, they lie near each other */
	uint32_t *first_own;
	struct sl_atom_place *own;
	bool *holds;     /* per set: one that it is compared with may lie within it; one of them is the request's */
	bool *has_near;  /* per set of the request: one that it is compared with may differ from it by few units */
	uint32_t groups_max;                   /* of an atom */
};

/*
 * sl_audit_index - once sets, outputs and atoms are there: who is in what. sl_audit_free frees what index and the
 * questions made. Fails: SL_E_INPUT (sets and atoms do not fit together), SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_audit_index(struct sl_audit *a, struct sl_err *err);
void sl_audit_free(struct sl_audit *a);
/* sl_audit_neighbours - for sl_audit_index: fills in holds and has_near, whatever is shown. SL_E_NOMEM. */
SL_MUST_CHECK enum sl_rc sl_audit_neighbours(struct sl_audit *a, struct sl_err *err);

/*
 * sl_audit_all_repeat - whether every output of the request says of who is in what as much as an earlier one, or less.
 * SL_AUDIT_REPEATS: there is nothing to ask. SL_AUDIT_RENEWED: of some only one in other versions of its tables does;
 * sl_audit_run is to be asked, and no proof, for of units nothing is new.
 */
enum sl_audit_repeat { SL_AUDIT_NEW = 0, SL_AUDIT_RENEWED, SL_AUDIT_REPEATS };
enum sl_audit_repeat sl_audit_all_repeat(const struct sl_audit *a);

/*
 * sl_audit_run - ask until nothing is found any more: sets of the request lose their shown, hits say why. Nothing of
 * history can be taken back: what only hiding that would cure is no hit. The same input gives the same answer. Fails:
 * SL_E_NOMEM.
 */
SL_MUST_CHECK enum sl_rc sl_audit_run(struct sl_audit *a, struct sl_err *err);

/* One question each, for sl_audit_run: all sets once. */
SL_MUST_CHECK enum sl_rc sl_audit_pairs(struct sl_audit *a, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_audit_remainders(struct sl_audit *a, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_audit_lattices(struct sl_audit *a, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_audit_bounds(struct sl_audit *a, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_audit_combinations(struct sl_audit *a, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_audit_primaries(struct sl_audit *a, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_audit_zeros(struct sl_audit *a, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_audit_measures(struct sl_audit *a, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_audit_versions(struct sl_audit *a, struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_audit_row_versions(struct sl_audit *a, struct sl_err *err);
/* sl_audit_rests - for sl_audit_versions: of three sets, or four, where there is too much to look at for more. */
SL_MUST_CHECK enum sl_rc sl_audit_rests(struct sl_audit *a, struct sl_err *err);

/* For those questions. */

/* Beyond these sl_audit_combinations, sl_audit_primaries, sl_audit_zeros and sl_audit_joint say nothing. */
#define SL_AUDIT_ATOMS_SMALL 2000u
#ifndef SL_AUDIT_SETS_SMALL /* a test has less */
#define SL_AUDIT_SETS_SMALL 500u
#endif
bool sl_audit_is_small(const struct sl_audit *a);
/* Some tenths of a second. Beyond it groups of several atoms are searched for no more: whoever asks has to say so. */
#define SL_AUDIT_SEARCH_MAX UINT64_C(100000000)

/*
 * sl_audit_hide - note a hit, and that hit->set is no longer shown: the row, or of a set that a statistic is of, and of
 *   a measure, the numbers that tell it, where the request's outputs have numbers. SL_E_NOMEM.
 * sl_audit_hide_again - the latter, of a hit that was noted.
 * sl_audit_goes - whether of one row a set goes with another.
 * sl_audit_costs_less - whether numbers of a row go with x, and a row with y.
 */
SL_MUST_CHECK enum sl_rc sl_audit_hide(struct sl_audit *a, const struct sl_audit_hit *hit, struct sl_err *err);
void sl_audit_hide_again(struct sl_audit *a, const struct sl_audit_hit *hit);
bool sl_audit_costs_less(const struct sl_audit *a, uint32_t x, uint32_t y);
bool sl_audit_goes(const struct sl_audit *a, uint32_t set, uint32_t with);
uint32_t sl_audit_output_of(const struct sl_audit *a, uint32_t set);
/*
 * sl_audit_is_new - of the request. sl_audit_together - whether two outputs are compared: not two of history, and none
 * that is absent.
 */
bool sl_audit_is_new(const struct sl_audit *a, uint32_t set);
bool sl_audit_together(const struct sl_audit *a, uint32_t output, uint32_t other);
/* sl_audit_is_asked - of a measure rows alone: what a condition counts is no sum of it, nor hidden for being none. */
bool sl_audit_is_asked(const struct sl_audit *a, uint32_t set);
/* sl_audit_is_asked_of - an output that asked_of names. */
bool sl_audit_is_asked_of(const struct sl_audit *a, uint32_t output);
/* sl_audit_same - equal conditions. sl_audit_within - all conditions of `outer` are among those of `inner`. */
bool sl_audit_same(const struct sl_audit_set *x, const struct sl_audit_set *y);
bool sl_audit_within(const struct sl_audit_set *inner, const struct sl_audit_set *outer);
/*
 * sl_audit_is_listed - whether all that `asks`, conditions of an output's sets, has beyond `common` is one that lists
 * values, and the family shows a group, under what is common and nothing else, of each of these.
 */
bool sl_audit_is_listed(const struct sl_audit *a, uint32_t output, const struct sl_audit_set *asks,
                        const struct sl_audit_family *groups, const struct sl_audit_set *common);
/*
 * sl_audit_is_renewed - whether two outputs read some table in different versions.
 * sl_audit_is_current - whether one reads all tables in the version of the request.
 * sl_audit_count_renewed - add to counts, per print of its output, the units of a set of history that have something
 *   else of it in the request's sets.
 * sl_audit_renewed - of two families, one of history: the fewest units that are told of any column that both tell. 0
 *   also where one is told in two ways; UINT64_MAX: they tell of none, and what they are about is not the same.
 */
bool sl_audit_is_renewed(const struct sl_audit *a, uint32_t output, uint32_t other);
bool sl_audit_is_current(const struct sl_audit *a, uint32_t output);
void sl_audit_count_renewed(const struct sl_audit *a, uint32_t set, uint64_t counts[static SL_PRINTS_MAX]);
uint64_t sl_audit_renewed(const struct sl_audit *a, const struct sl_audit_family *then,
                          const struct sl_audit_family *now, const uint64_t counts[static SL_PRINTS_MAX]);
/* sl_audit_tells - whether sets of the family tell the column; *prints: the prints of it, read in the same way. */
bool sl_audit_tells(const struct sl_audit *a, const struct sl_audit_family *f, const struct sl_reading *column,
                    uint32_t *prints);
/* sl_audit_cheaper - whether hiding set x costs less than y: fewer units, then rank. y may be SL_AUDIT_NO_SET. */
bool sl_audit_cheaper(const struct sl_audit *a, uint32_t x, uint32_t y);
/*
 * sl_audit_way_out - the cheapest shown set of the request the atom is in, or a number that tells that the others of
 * the row are so few; else of all; SL_AUDIT_NO_SET: none left.
 */
uint32_t sl_audit_way_out(const struct sl_audit *a, uint32_t atom);

#endif
