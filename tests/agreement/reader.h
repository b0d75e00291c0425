/*
 * reader.h - who reads all that was let go of a census, adds printed numbers up and takes them from each other, in
 * every way there is. Knows the questions and the domains; of the persons nothing, or (knowing) all but what they owe,
 * in every version.
 *
 * A kind is persons that no printed number tells apart. What a reader is told for sure about some kinds together is
 * what a sum of multiples of printed numbers says of just these, each once. Knows nothing of policy/.
 */
#ifndef SL_TEST_AGREEMENT_READER_H
#define SL_TEST_AGREEMENT_READER_H

#include "tests/agreement/census.h"

#define READER_NUMBERS 128
#define READER_KINDS 4096
#define READER_RANK 28
#define READER_EMPTY 512

struct reader_kind {
	uint16_t class_[CENSUS_RELEASES];   /* in each version */
	uint16_t type[CENSUS_RELEASES];     /* one of the class */
	uint32_t persons;                   /* as it is */
	int8_t debt[CENSUS_RELEASES];       /* of each of them; -1: not the same for all, or not there */
};

struct reader_secret {
	bool found;
	uint32_t persons;
	uint64_t group[READER_KINDS / 64];
};

struct reader {
	const struct census *census;
	bool knowing;
	struct reader_kind kinds[READER_KINDS];
	uint32_t nkinds, nnumbers, rank;
	int64_t (*at)[READER_KINDS];        /* per number: what a person of the kind adds; reduced afterwards */
	uint64_t behind[READER_KINDS][READER_NUMBERS / 64]; /* the numbers a person of the kind stands behind */
	uint32_t pivot[READER_NUMBERS];
	uint16_t class_of[CENSUS_RELEASES][CENSUS_TYPES + 1]; /* per version and type */
	/* cells and conditions that nobody is in, and what is not so of nobody in a cell, where that was hidden */
	uint64_t (*empty)[READER_KINDS / 64];
	uint32_t nempty;
	uint64_t steps;
	bool through;                       /* everything was tried */
	struct reader_secret few, amount, change, nobody;
};

/* reader_read - false: more kinds or numbers than are looked at. reader_close frees also then. */
bool reader_read(struct reader *r, const struct census *c, bool knowing);
/*
 * reader_try - fills in change, when the reader is knowing, else the others
 *   few     that some, and fewer than the threshold, are in a group that the reader can name
 *   amount  what such a group owes together: with those in it who owe nothing they are fewer than the threshold
 *   change  what persons who were in such a group in two versions owe more in the one, all together; and fewer than the
 *           threshold owe another amount, or none of them does
 *   nobody  that nobody is where it was hidden whether anybody is, or not
 */
void reader_try(struct reader *r);
void reader_close(struct reader *r);
/* reader_tell - a secret's group, for who has to find out. */
void reader_tell(const struct reader *r, const char *what, const struct reader_secret *secret);

#endif
