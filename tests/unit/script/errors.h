/*
 * errors.h - tables of scripts that are wrong, and what each is told: line, words, remedy. Each row falls when its
 * refusal is removed.
 */
#ifndef SL_TEST_ERRORS_H
#define SL_TEST_ERRORS_H

#include "world.h"

struct wrong {
	const char *script;
	uint32_t line;
	const char *message, *remedy; /* NULL: not compared */
};

#define EXPECT(rows)                                                                                                   \
	do {                                                                                                           \
		for (size_t i_ = 0; i_ < sizeof(rows) / sizeof((rows)[0]); i_++)                                       \
			world_expect_error((rows)[i_].script, (rows)[i_].line, (rows)[i_].message, (rows)[i_].remedy); \
	} while (0)

#define PERSONS "from 'study.persons'"
#define EVENTS "from 'study.events'"
#define VISITS "from 'study.visits'"
#define SUM ":summarise{n='units()'}"
#define FOLDED VISITS ":per_unit{n='count()', t='sum(cost)'}"

#endif
