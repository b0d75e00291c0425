/* flags.h - flags that several commands about a request have, in the same words. */
#ifndef SL_UI_COMMANDS_FLAGS_H
#define SL_UI_COMMANDS_FLAGS_H

/* Of a look at what would leave. */
#define SL_FLAG_RAW { .name = "--raw", .help = "the files alone, byte for byte as they would leave" }
#define SL_FLAG_HTML { .name = "--html", .value = "FILE|-", .file = true, .help = "write one page for a browser there" }
#define SL_FLAG_JUDGE_AGAIN                                                                                            \
	{                                                                                                              \
		.name = "--judge-again",                                                                               \
		.help = "beside what was released since it was asked for; the gate does so in any case"                \
	}

/* Of a decision. */
#define SL_FLAG_ACKNOWLEDGE                                                                                            \
	{                                                                                                              \
		.name = "--acknowledge", .value = "RULE", .many = true,                                                \
		.help = "a rule whose findings are left to judge: you have read them"                                  \
	}
#define SL_FLAG_REVISION                                                                                               \
	{ .name = "--revision", .value = "N", .help = "the revision you looked at, of one that was revised" }
#define SL_FLAG_COMMENT { .name = "--comment", .value = "TEXT", .help = "your words; they are in the record" }
#define SL_FLAG_WHY                                                                                                    \
	{                                                                                                              \
		.name = "--comment", .value = "TEXT", .needed = true, .unless = "--signed",                            \
		.help = "why; the author reads it; a statement has its own"                                            \
	}
#define SL_FLAG_SIGNED                                                                                                 \
	{ .name = "--signed", .value = "FILE|-", .file = true, .help = "a statement signed elsewhere" }

#endif
