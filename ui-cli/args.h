/*
 * args.h - the words of a command line, judged against a table of commands: exact flags, no abbreviations.
 *
 * The table is the one place that knows which commands there are; parsing, help, the manual page and the completion
 * read it. Nothing here opens a file or runs anything.
 */
#ifndef SL_UI_ARGS_H
#define SL_UI_ARGS_H

#include <stdbool.h>

#include "enclave/base/err.h"

#define SL_WORDS_MAX 8    /* positional words of one command */
#define SL_GIVEN_MAX 256  /* flags on one command line */
#define SL_FLAGS_MAX 8    /* flags a command knows */

struct sl_cli;

/* A flag of one command. */
struct sl_flag {
	const char *name;   /* "--name"; NULL ends the list */
	const char *value;  /* "NAME"; NULL: a switch */
	bool needed, many;
	bool file;          /* value is a path here: in a session only "-" */
	const char *unless; /* a needed flag that may be left out beside this one; NULL: never */
	bool offline;       /* given, the command opens no enclave and asks nobody who they are: not in a session */
	const char *help;
};

/* A positional word. */
struct sl_word {
	const char *name;   /* "FILE"; NULL ends the list */
	bool optional;
	bool many;          /* the last one takes all that follow */
	bool file;
};

/* What a command wants before it runs; the fewest things come first. */
enum sl_need {
	SL_NEED_NOTHING = 0,
	SL_NEED_ENCLAVE_IF_NAMED, /* opened when a directory is named; an action asks for its actor then */
	SL_NEED_ENCLAVE,
	SL_NEED_ACTOR,            /* and who acts, allowed the row's action */
};

struct sl_command {
	const char *noun, *verb;  /* verb "": none */
	const char *brief;        /* one line */
	const char *more;         /* sentences for the manual; "" : none */
	struct sl_word words[3];
	struct sl_flag flags[SL_FLAGS_MAX];
	enum sl_need need;
	int action;               /* enum sl_action; 0: the function itself asks */
	bool session;             /* may be run over SSH */
	bool catalogues;          /* the function reads those of cli's standing; else only its policy is there */
	enum sl_rc (*run)(struct sl_cli *c, struct sl_err *err);
};

struct sl_given {
	const struct sl_flag *flag;
	const char *value;
};

/* Zeroed: nothing was asked. All texts are borrowed from argv and the environment. */
struct sl_args {
	const struct sl_command *command; /* NULL: --help or --version */
	const char *dir, *key;
	bool json, help, version;
	const char *words[SL_WORDS_MAX];
	uint32_t nwords;
	struct sl_given given[SL_GIVEN_MAX];
	uint32_t ngiven;
};

/* The flags every command takes. */
extern const struct sl_flag sl_args_globals[];

/*
 * sl_args_parse - judge argc words (the program's name is not among them).
 *   session  in   the words came over SSH: a command must say it may, --dir and --key and paths but "-" are refused
 *   out      out  zeroed by the caller
 * Fails: SL_E_USAGE with a near name as remedy; SL_E_DENIED: not in a session.
 */
SL_MUST_CHECK enum sl_rc sl_args_parse(const struct sl_command *const *commands, size_t ncommands, int argc,
                                       const char *const *argv, bool session, struct sl_args *out, struct sl_err *err);

/*
 * sl_args_flag - value of a flag, "" for a switch; NULL: not given. sl_args_next - the next of many; *at starts at
 * 0.
 */
const char *sl_args_flag(const struct sl_args *a, const char *name);
const char *sl_args_next(const struct sl_args *a, const char *name, uint32_t *at);

/* sl_args_need - what the command wants before it runs, as it was asked. */
enum sl_need sl_args_need(const struct sl_args *a);

/* sl_args_id - "J-12" as 12 for letter 'J'. SL_E_USAGE. */
SL_MUST_CHECK enum sl_rc sl_args_id(const char *text, char letter, int64_t *out, struct sl_err *err);

/* sl_args_usage - "sluice job run FILE -p PROJECT [--param NAME=VALUE]…" into out. */
struct sl_buf;
void sl_args_usage(const struct sl_command *command, struct sl_buf *out);

#endif
