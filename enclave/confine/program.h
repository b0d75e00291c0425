/*
 * program.h - the confined programs by number and name; shared by the program itself and the keeper.
 */
#ifndef SL_CONFINE_PROGRAM_H
#define SL_CONFINE_PROGRAM_H

enum sl_program {
	SL_PROGRAM_NONE = 0,
	SL_PROGRAM_SCRIPT, SL_PROGRAM_ENGINE, SL_PROGRAM_CHECK, SL_PROGRAM_LOAD,
	SL_PROGRAM_COUNT
};

#define SL_PROGRAM_DATA_FDS_MAX 64

/* sl_program_name - "sluice-script": the name of the executable; NULL for a number that is none. */
const char *sl_program_name(enum sl_program program);

#endif
