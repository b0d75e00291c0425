/* people.h - a few people with attributes, and what is released of them, for tests of history. */
#ifndef SL_TEST_HISTORY_PEOPLE_H
#define SL_TEST_HISTORY_PEOPLE_H

#include "policy/history/joint.h"

#define PEOPLE_MAX 512
#define ATTRIBUTES 4
#define OUTPUTS_MAX 9
#define VALUES_MAX 32
#define PEOPLE_SETS_MAX 512

/* An output: counts by some of the attributes, of those who have condition[i] or, where it is -1, whoever. */
struct people_output {
	bool by[ATTRIBUTES];
	int condition[ATTRIBUTES];
	uint32_t in[ATTRIBUTES];          /* besides: of whom has one of these values, a bit each; 0: whoever */
	bool hidden[PEOPLE_SETS_MAX];     /* as it was released */
	bool primary[PEOPLE_SETS_MAX];    /* of those, for how many they are */
	bool sum_hidden[PEOPLE_SETS_MAX]; /* the sum is, whether the row is or not */
	uint32_t nsets;
	bool is_public;                   /* nothing of it is hidden: it is known from elsewhere */
	int version;                      /* of the people's table; the request's outputs have one */
	uint32_t tells;                   /* of what they have besides, a bit each: it is added up */
};
#define PEOPLE_COLUMNS 2

struct people {
	uint32_t n;
	int has[PEOPLE_MAX][ATTRIBUTES];
	int values[ATTRIBUTES];         /* an attribute is 0 … values - 1 */
	uint32_t changed[PEOPLE_MAX];   /* of what they have besides, a bit each: it is another one in the last version */
	uint64_t threshold;
	struct people_output outputs[OUTPUTS_MAX];
	uint32_t noutputs, nearlier;
	/* of the last audit */
	struct sl_audit audit;
	struct sl_atoms atoms;
	struct sl_audit_set sets[PEOPLE_SETS_MAX];
	struct sl_audit_output places[OUTPUTS_MAX + 1];
	struct sl_predicate_part parts[PEOPLE_SETS_MAX][1 + 3 * ATTRIBUTES];
	struct sl_condition_union unions[OUTPUTS_MAX][2 * ATTRIBUTES];
	struct sl_predicate_part values_of[OUTPUTS_MAX][2 * ATTRIBUTES][VALUES_MAX];
	struct sl_predicate_part measures[OUTPUTS_MAX];
	struct sl_reading printed[OUTPUTS_MAX][PEOPLE_COLUMNS];
	struct sl_printed_set by_set[OUTPUTS_MAX];
	struct sl_table_version versions[OUTPUTS_MAX];
	bool measures_same[OUTPUTS_MAX]; /* outputs that tell the same sum of those they count */
	uint32_t unproved, hits_for_proof; /* of its hits, those that looking for witnesses gave */
	bool asked;
};

/* By which attributes, and of whom: ALL, one set of everyone; ANY, no condition. */
#define ALL ((const bool[ATTRIBUTES]){ false })
#define BY(...) ((const bool[ATTRIBUTES]){ __VA_ARGS__ })
#define OF(...) ((const int[ATTRIBUTES]){ __VA_ARGS__ })
#define ANY OF(-1, -1, -1, -1)

/* people_start, people_finish - nobody yet, attributes of three values; on the heap. people_add - n who are alike. */
struct people *people_start(uint64_t threshold);
void people_finish(struct people *p);
void people_add(struct people *p, uint32_t n, int a, int b, int c, int d);

/* people_output - one more, of the present request; cells of fewer than threshold people are hidden. */
struct people_output *people_output(struct people *p, const bool by[ATTRIBUTES], const int condition[ATTRIBUTES]);
/* people_output_in - the same of those who have, of each attribute, one of some values. */
struct people_output *people_output_in(struct people *p, const bool by[ATTRIBUTES], const int condition[ATTRIBUTES],
                                       const uint32_t in[ATTRIBUTES]);
/* The set of an output that a person is in; -1: none. */
int people_set(const struct people *p, const struct people_output *o, uint32_t person);

/* people_public - what everybody knows of them, before anything is released: counts, however small. */
void people_public(struct people *p, const bool by[ATTRIBUTES]);

/* people_hide - a set of an output is hidden for how many it counts, though they are not few. */
void people_hide(struct people_output *o, uint32_t set);

/* Whether a set of an output is hidden, since the last audit. */
bool people_is_hidden(const struct people *p, uint32_t output, uint32_t set);

/*
 * people_audit - the outputs since nearlier beside those before, with (joint) or without witnesses; then they are
 * history. Their hidden[] is what came of it.
 * people_prepare, people_ask - the first two parts of it: from people to sets and atoms, and the questions.
 */
void people_audit(struct people *p, bool joint);
void people_prepare(struct people *p);
enum sl_rc people_ask(struct people *p, bool joint, struct sl_err *err);
void people_free(struct people *p);

#endif
