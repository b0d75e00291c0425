/*
 * behind.h - what stands behind each number of a publication, for its reviewers alone: how many units, how far from the
 * limit that would hide it, and which number of an earlier release told nearly the same.
 *
 * Made by sluice-check beside the publication, and kept sealed with the request. No amount is in it but what was
 * printed before: a share of one unit and the sum that it is a share of would be that unit's amount, so how far a
 * number is from a limit is told in bands.
 */
#ifndef SL_PACT_BEHIND_H
#define SL_PACT_BEHIND_H

#include "enclave/pact/publication.h"

#define SL_BEHIND_WIRE_MAX (64u << 20)
#define SL_BEHIND_LABEL_BYTES 4096

/* How far from the limit. 0: it is not asked, or it is hidden. */
enum sl_margin_band {
	SL_BAND_NONE = 0,
	SL_BAND_NEAR, /* less than a quarter above it */
	SL_BAND_FAIR, /* less than as much again */
	SL_BAND_FAR,
	SL_BAND_COUNT_
};

/* One statistic of one cell. */
struct sl_behind_number {
	uint64_t units;  /* contributors; of a count of units or rows, those in the cell */
	uint64_t rows;   /* rows behind a mean, share, quantile or spread that is shown; else 0 */
	uint8_t band;    /* the nearest of the rules asked of it */
	uint8_t rule;    /* which one that is: enum sl_rule */
};

/* How an earlier cell is like this one. 0: there is none. */
enum sl_before {
	SL_BEFORE_NONE = 0,
	SL_BEFORE_SAME,    /* by its conditions: the same question, of the tables as they were */
	SL_BEFORE_OVERLAP, /* it shares more than half of the units of either */
	SL_BEFORE_COUNT_
};

/* The earlier cell that is most like a cell. */
struct sl_behind_cell {
	uint8_t before;    /* enum sl_before */
	uint64_t release;  /* 7: L-7 */
	uint16_t output;   /* of it */
	uint32_t cell;
	uint64_t changed;  /* units in one of the two and not in the other, or there with other rows */
	uint8_t band;      /* of them, against the threshold; NONE: nobody, or no earlier cell */
	char *label;       /* of an OVERLAP, by who keeps the earlier releases: its keys and labels; else "" */
};

/* What an earlier release printed in the place of a number. */
struct sl_behind_was {
	uint8_t known;     /* 0: nothing in its place */
	uint8_t shown, missing; /* as sl_published_cell */
	int64_t value;     /* on the grid of the number itself */
};

struct sl_behind_output {
	struct sl_behind_number *numbers; /* cell-major: numbers[cell * nstats + stat] */
	uint32_t nnumbers;
	struct sl_behind_cell *cells;
	uint32_t ncells;
	struct sl_behind_was *was;  /* as numbers, by who keeps the earlier releases; from sluice-check: empty */
	uint32_t nwas;
	uint64_t left_out;          /* units that the output's conditions leave out */
	uint8_t band;               /* of them, against the threshold; NONE: no condition */
	uint8_t compared;           /* there was something released before to compare it with */
};

/*
 * An output that has groups too small for policy, as it was asked and with each of its keys left out: a remedy that was
 * tried. Groups that nobody is in do not count.
 */
struct sl_behind_coarser {
	uint16_t output;
	uint16_t without;  /* plan.keys[]; plan.nkeys: as asked */
	uint32_t groups;
	uint32_t few;      /* of them, those with fewer units than limit */
	uint8_t at_most;   /* units may be in several of the groups that become one, so that there may be fewer than few */
	uint32_t limit;    /* the threshold; where policy draws it, the largest */
};

/*
 * The request judged as though an output, or a statistic of one, had not been asked for: the same rules, the same
 * history, the same numbers but those.
 */
struct sl_behind_tried {
	uint16_t output;
	uint32_t stat;       /* left out; SL_FINDING_WHOLE: the output */
	uint8_t releasable;
	uint8_t spent;       /* the work of choosing what else to hide did not do: more work might do */
	uint32_t numbers;    /* that would be printed, */
	uint32_t hidden;     /* and of them those that are [c] */
	uint32_t refuse, suppress, judge; /* findings of each severity */
	uint8_t *left;       /* a bit for each finding of the publication: it is found still */
	uint32_t nleft;      /* bytes */
};

/*
 * An output with groups too small, as it would be with a key's values put together as a reference table has them: wards
 * by district. Counted as struct sl_behind_coarser.
 */
struct sl_behind_level {
	uint16_t output;
	uint16_t key;        /* of plan.keys[] */
	uint16_t attribute;  /* columns[] of the reference table of the key's column */
	uint32_t groups, few;
	uint8_t at_most;
};

/* What would cure the findings, as far as it was tried. */
struct sl_behind_remedies {
	struct sl_behind_tried *tried; /* by output: itself, then its statistics */
	uint32_t ntried;
	uint32_t untried;              /* left out: judging so often would have been too much work */
	struct sl_behind_level *levels; /* by output, key and attribute */
	uint32_t nlevels;
};
#define SL_BEHIND_TRIED_MAX 64
#define SL_BEHIND_LEVELS_MAX 512

struct sl_behind {
	struct sl_behind_output *outputs;
	uint32_t noutputs;
	struct sl_behind_coarser *coarser; /* by output; as asked, then by key */
	uint32_t ncoarser;
	struct sl_behind_remedies *remedies;
	uint32_t nremedies;                /* 1; 0: nothing was tried */
};

extern const struct sl_record sl_behind_record;

/* sl_behind_cures - whether finding f of the publication is gone in a trial. What was not looked at is not cured. */
bool sl_behind_cures(const struct sl_behind_tried *t, uint32_t f);

/*
 * sl_behind_stored - as sl_codec_decode; what was stored before keys were left out, or remedies tried, has none of them
 * at its end.
 */
SL_MUST_CHECK enum sl_rc sl_behind_stored(const void *data, size_t len, struct sl_behind *out, struct sl_err *err);

/* sl_behind_check - shapes agree with the plans; what has no earlier cell says nothing of one. SL_E_INPUT. */
SL_MUST_CHECK enum sl_rc sl_behind_check(const struct sl_behind *b, const struct sl_plan *plans, size_t nplans,
                                         const struct sl_view *view, struct sl_err *err);

/* sl_margin_band_of - how far `measured` is above `limit`, both at least 0; below it, and of no limit: NONE. */
enum sl_margin_band sl_margin_band_of(uint64_t measured, uint64_t limit);
/* sl_margin_band_name - "near", "fair", "far"; "" for NONE. */
const char *sl_margin_band_name(uint8_t band);

#endif
