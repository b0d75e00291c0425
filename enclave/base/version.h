/* version.h - which program this is: what it prints, writes in records of a release, and what CMake reads. */
#ifndef SL_BASE_VERSION_H
#define SL_BASE_VERSION_H

#define SL_VERSION "0.1.0"

#endif
