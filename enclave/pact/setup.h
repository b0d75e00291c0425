/*
 * setup.h - what script, engine and check are told, what a script says back, and how every one ends.
 */
#ifndef SL_PACT_SETUP_H
#define SL_PACT_SETUP_H

#include "enclave/pact/members.h"
#include "enclave/pact/publication.h"

#define SL_SCRIPT_BYTES_MAX (1u << 20)
#define SL_PRINT_BYTES_MAX (64u << 10)
#define SL_PARAM_BYTES 1024
#define SL_SETUP_WIRE_MAX (64u << 20)
#define SL_ROUNDING_KEY_BYTES 32

/* A job parameter, `--param min=18`: the script sees params.min as text, and as a number when it is one. */
struct sl_param {
	char *name, *text;
};

/* Conversation: SCRIPT_SETUP → ; ← PRINT* PLAN* SCRIPT_END ; END. */
struct sl_script_setup {
	char *file;            /* name for messages, "job.lua" */
	uint8_t *script;       /* text of the script; UTF-8 is not required, a leading ESC is refused */
	uint32_t nscript;
	struct sl_view view;
	struct sl_param *params;
	uint32_t nparams;
	uint64_t memory_bytes; /* of the Lua state */
	uint32_t plans_max, nodes_max, print_bytes_max;
};

/* How the script ended. Text is safe to show its author: the script has seen no data. */
struct sl_script_end {
	uint8_t ok;
	uint32_t nplans;
	uint32_t line;         /* of the error; 0 when ok */
	char *message;         /* one sentence */
	char *source_line;     /* the line itself, cut to SL_TITLE_BYTES */
	char *remedy;          /* near name or what would be right */
};

/* One granted column: which column of the segment, and the only key that opens it. */
struct sl_engine_column {
	uint16_t segment_column;
	uint8_t subkey[32];
};

/* One granted table, same index as view.tables[]. Descriptor number 5 + index is its segment. */
struct sl_engine_table {
	uint8_t segment_id[16];
	uint8_t version[32];
	uint64_t segment_bytes;
	uint8_t manifest_key[32];
	uint8_t unit_key[32];  /* subkey of the unit ordinal column (segment column 0) */
	struct sl_engine_column *columns; /* same index as view.tables[].columns[] */
	uint32_t ncolumns;
};

/* What sluice-engine is started for. */
enum sl_engine_task {
	SL_TASK_RESULTS = 0, /* PLAN × nplans → ; ← RESULT × nplans */
	SL_TASK_MEMBERS,     /* PLAN × nplans → ; ← MEMBERS × nplans, each sealed under its key */
	SL_TASK_ATOMS,       /* MEMBERS × nkeys → ; ← ATOMS; no table, no plan */
	SL_TASK_COUNT_
};

/*
 * What seals the units of one output: id, ciphertext and tag (AES-256-GCM, nonce zero, the id as additional data) are
 * the body of a MEMBERS frame. A key seals once.
 */
struct sl_members_key {
	uint8_t id[16];
	uint8_t key[32];
};

/* Of which column a print of an output is: equal numbers are the same column, read and coded in the same way. */
struct sl_members_print {
	uint32_t output;       /* of those whose units are compared */
	uint32_t column;
	uint8_t renewed;       /* 1: an earlier output, and it read another version of a table than the request */
};

/* Conversation: ENGINE_SETUP, then as the task says; END. */
struct sl_engine_setup {
	uint8_t task;          /* enum sl_engine_task */
	struct sl_view view;
	struct sl_engine_table *tables;
	uint32_t ntables;
	uint32_t nplans;
	uint64_t memory_bytes;
	uint32_t cells_max;
	uint32_t threads;
	struct sl_members_key *keys; /* SL_TASK_MEMBERS: one per plan; SL_TASK_ATOMS: one per MEMBERS frame */
	uint32_t nkeys;
	uint32_t nearlier;           /* SL_TASK_ATOMS: so many of the outputs are earlier ones, which come first */
	/* Rising by output, as its rows have them; where no output is renewed none is needed. */
	struct sl_members_print *prints;
	uint32_t nprints;
	uint8_t draws;               /* SL_TASK_RESULTS: enum sl_draws_level, what is drawn of each count (result.h) */
	uint8_t rounding_key[SL_ROUNDING_KEY_BYTES]; /* that it is drawn with; zero without draws */
};

/* What is done to the numbers that are shown. One that is not listed here refuses. */
enum sl_transform {
	SL_TRANSFORM_NONE = 0,
	SL_TRANSFORM_ROUND,    /* counts to the nearest multiple of the base; a half goes up */
	SL_TRANSFORM_MIDPOINT, /* counts to the middle of 1 … base, base + 1 … 2·base, …; 0 stays */
	SL_TRANSFORM_RANDOM,   /* counts to the multiple of the base below or above, by the engine's draw */
	SL_TRANSFORM_COUNT_
};

#define SL_JITTER_MAX 15

/* What stands in a row of units that few tell apart from an earlier row. */
enum sl_near {
	SL_NEAR_REFUSE = 0, /* nothing */
	SL_NEAR_EARLIER,    /* the earlier row's numbers, as they left: publication.h */
	SL_NEAR_COUNT_
};

/* Parameters of the rules, from policy. Zeroed: everything is unsafe (see policy/rules). */
struct sl_rules {
	uint32_t threshold;         /* contributors needed; 0: nothing passes */
	uint32_t dominance_n;       /* 0 with dominance_k 0: rule off */
	uint32_t dominance_k;       /* percent on scale 3: 90 % = 90000 */
	uint32_t p_percent;         /* percent on scale 3; 0: rule off */
	/* 1: rule off; 0 applies it */
	uint8_t numerator, group_disclosure, within_group, all_equal, small_complement, context;
	uint32_t group_percent;     /* percent on scale 3, 90000; 0 flags every cell */
	uint8_t zeros_show;         /* 1: an empty cell prints 0 */
	uint32_t dof;               /* degrees of freedom needed, in contributors; 0: nothing passes */
	uint8_t transform;          /* enum sl_transform */
	uint32_t transform_base;    /* at least 2, of MIDPOINT even; of NONE 0 */
	uint8_t jitter;             /* threshold asks of each group of units 0 to so many more, drawn from who they are */
	uint8_t near;               /* enum sl_near */
};

#define SL_SECONDARY_WORK_MAX 1000000u
#define SL_SECONDARY_WORK_USUAL 2000u /* some ten seconds */

/*
 * Conversation: CHECK_SETUP, (PLAN, RESULT) × nplans, (HISTORY, ATOMS) × nspaces → ; ← PUBLICATION ; END.
 */
struct sl_check_setup {
	struct sl_view view;
	struct sl_rules rules;
	uint32_t nplans;
	char *purpose;          /* of the project; empty is a context finding */
	char *context;          /* the request's own words */
	uint32_t nspaces;       /* unit spaces whose history follows; of a plan's that does not, nothing was released */
	uint32_t secondary_work; /* millions of numbers that choosing what else to hide may look at; 0: nothing is chosen */
};

enum sl_end_reason {
	SL_END_NONE = 0,
	SL_END_DONE,
	SL_END_MEMORY,
	SL_END_LIMIT,
	SL_END_INPUT,
	SL_END_INTEGRITY,
	SL_END_IO
};

/* The last frame of every confined process. Zeroed: it failed. */
struct sl_end {
	uint8_t ok;
	uint8_t reason;         /* enum sl_end_reason */
	char *text;             /* for the operator's log, escaped there */
};

extern const struct sl_record sl_param_record, sl_script_setup_record, sl_script_end_record, sl_engine_setup_record,
	sl_rules_record, sl_check_setup_record, sl_end_record;

/*
 * sl_rules_stored - as sl_codec_decode; what was stored before there was near, or jitter, lacks it at its end, and had
 * none.
 */
SL_MUST_CHECK enum sl_rc sl_rules_stored(const void *data, size_t len, struct sl_rules *out, struct sl_err *err);

#endif
