/*
 * syscalls.h - which system calls each confined program keeps, as data: number, argument checks, why.
 *
 * syscalls.c turns the rows into the filter; `sluice doctor --syscalls` prints the same rows, and the tests walk them.
 * What is in no row kills the process, as does any row's call with another argument, and any other architecture or
 * ABI. The rows are in syscalls_table.c, apart from libseccomp, which `sluice` does not link.
 */
#ifndef SL_CONFINE_SYSCALLS_H
#define SL_CONFINE_SYSCALLS_H

#include <stddef.h>
#include <stdint.h>

#include "enclave/base/err.h"
#include "enclave/confine/program.h"

/* What an argument of a row must be; sl_syscalls_condition says it in numbers and words. */
enum sl_syscall_pin {
	SL_SYSCALL_PIN_NONE = 0,    /* no argument is checked */
	SL_SYSCALL_FUTEX,           /* argument 1: FUTEX_WAIT or FUTEX_WAKE, private */
	/* argument 0: */
	SL_SYSCALL_FD_IN,           /* the frames-in descriptor, exactly */
	SL_SYSCALL_FD_OUT,          /* the frames-out descriptor, exactly */
	SL_SYSCALL_FD_DATA_READ,    /* a data descriptor that was opened for reading */
	SL_SYSCALL_FD_DATA_WRITE,   /* a data descriptor that was opened for writing */
	SL_SYSCALL_PIN_COUNT
};

enum sl_syscall_data_way { SL_SYSCALL_DATA_NONE = 0, SL_SYSCALL_DATA_READ, SL_SYSCALL_DATA_WRITE };

#define SL_SYSCALL_VALUES_MAX 2

/* The argument must equal one of the values, or be one of the job's data descriptors of that way. */
struct sl_syscall_condition {
	int argument;               /* -1: none is checked */
	size_t nvalues;
	uint64_t values[SL_SYSCALL_VALUES_MAX];
	enum sl_syscall_data_way data;
	const char *words;          /* "frames in" */
};

struct sl_syscall_row {
	int number;
	const char *name;
	enum sl_syscall_pin pin;
	const char *why;
};

struct sl_syscall_table {
	const struct sl_syscall_row *rows;
	size_t nrows;
};

/* sl_syscalls_of - the rows of a program; no rows for SL_PROGRAM_NONE. */
struct sl_syscall_table sl_syscalls_of(enum sl_program program);

/* sl_syscalls_condition - of a pin; one that no value fulfils for a pin there is none of. */
struct sl_syscall_condition sl_syscalls_condition(enum sl_syscall_pin pin);

/* Directions of the data descriptors: bit i is descriptor SL_CONFINE_FD_DATA + i. */
struct sl_syscall_data {
	uint32_t ndata;
	uint64_t readable, writable;
};

/*
 * sl_syscalls_install - build and load the filter of a program into this process, all threads.
 * Irreversible. Fails: SL_E_HOST; a failure may leave no_new_privs behind and nothing else.
 * sl_syscalls_export - write the same filter's BPF program to fd, for tests that interpret it.
 */
SL_MUST_CHECK enum sl_rc sl_syscalls_install(enum sl_program program, const struct sl_syscall_data *data,
                                             struct sl_err *err);
SL_MUST_CHECK enum sl_rc sl_syscalls_export(enum sl_program program, const struct sl_syscall_data *data, int fd,
                                            struct sl_err *err);

#endif
