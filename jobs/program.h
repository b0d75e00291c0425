/*
 * program.h - what a program does first that uses anything of jobs. Called by main alone.
 */
#ifndef SL_JOBS_PROGRAM_H
#define SL_JOBS_PROGRAM_H

/*
 * sl_program_begin - the cryptographic library is what was built: a configuration file, whichever the environment names
 * (OPENSSL_CONF), is not read, so it brings no code into a process that holds the enclave's keys, and no source of
 * randomness. Before the library's first use.
 */
void sl_program_begin(void);

#endif
