include(CheckLinkerFlag)
check_linker_flag(C -Wl,--no-warnings SL_LINKER_TAKES_NO_WARNINGS)

# sl_library(NAME SOURCES... LINKS...): one room of the house as a static library.
# Headers are included by their path from the top: #include "enclave/base/err.h".
function(sl_library name)
	cmake_parse_arguments(A "" "" "SOURCES;LINKS" ${ARGN})
	add_library(${name} STATIC ${A_SOURCES})
	target_include_directories(${name} PUBLIC "${CMAKE_SOURCE_DIR}")
	target_link_libraries(${name} PUBLIC ${A_LINKS})
endfunction()

# sl_confined(NAME SOURCES... LINKS... STATIC_LIBS...): a confined executable. static-pie, so that what
# it can do is exactly what was linked and its start costs half a millisecond. Sanitizer builds are
# dynamic: the sanitizers cannot be linked statically.
function(sl_confined name)
	cmake_parse_arguments(A "" "" "SOURCES;LINKS;STATIC_LIBS" ${ARGN})
	add_executable(${name} ${A_SOURCES})
	target_include_directories(${name} PRIVATE "${CMAKE_SOURCE_DIR}")
	target_link_libraries(${name} PRIVATE ${A_LINKS} ${A_STATIC_LIBS})
	if(NOT SL_SANITIZE)
		target_compile_options(${name} PRIVATE -fPIE)
		target_link_options(${name} PRIVATE -static-pie)
		# ld warns of dlopen and getaddrinfo within libcrypto.a; neither can be reached under the filter.
		if(SL_LINKER_TAKES_NO_WARNINGS)
			target_link_options(${name} PRIVATE -Wl,--no-warnings)
		endif()
	else()
		target_link_options(${name} PRIVATE -pie)
	endif()
	set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
	install(TARGETS ${name} RUNTIME DESTINATION libexec/sluice)
endfunction()

# sl_unit_test(NAME [FAILING] SOURCES... LINKS... [LABELS...] [TIMEOUT s]): one cmocka program, run by ctest. FAILING: its
# allocations fail where it says so (tests/unit/vault/failing.h).
function(sl_unit_test name)
	cmake_parse_arguments(A "FAILING" "TIMEOUT" "SOURCES;LINKS;LABELS;DEFINES" ${ARGN})
	add_executable(${name} ${A_SOURCES})
	if(A_FAILING)
		target_sources(${name} PRIVATE "${CMAKE_SOURCE_DIR}/tests/unit/vault/failing.c")
		target_link_options(${name} PRIVATE -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup)
	endif()
	target_include_directories(${name} PRIVATE "${CMAKE_SOURCE_DIR}")
	target_link_libraries(${name} PRIVATE ${A_LINKS} PkgConfig::CMOCKA)
	target_compile_definitions(${name} PRIVATE ${A_DEFINES}
		SL_TEST_BIN_DIR="${CMAKE_BINARY_DIR}/bin" SL_TEST_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
	set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/test-bin")
	add_test(NAME ${name} COMMAND ${name})
	if(NOT A_TIMEOUT)
		set(A_TIMEOUT 120)
	endif()
	if(SL_SANITIZE)
		math(EXPR A_TIMEOUT "${A_TIMEOUT} * 5")
	endif()
	set_tests_properties(${name} PROPERTIES TIMEOUT ${A_TIMEOUT} LABELS "everyday;unit;${A_LABELS}")
endfunction()

# sl_fuzz_target(NAME SOURCES... LINKS...): with SL_FUZZ a libFuzzer program; otherwise the same
# LLVMFuzzerTestOneInput driven over its seed corpus tests/fuzz/corpus/NAME as an everyday test.
function(sl_fuzz_target name)
	cmake_parse_arguments(A "" "" "SOURCES;LINKS" ${ARGN})
	if(SL_FUZZ)
		add_executable(${name} ${A_SOURCES})
		target_link_options(${name} PRIVATE -fsanitize=fuzzer)
		set_property(GLOBAL APPEND PROPERTY SL_FUZZ_TARGETS ${name})
	else()
		if(NOT TARGET sl_fuzz_replay)
			add_library(sl_fuzz_replay OBJECT "${CMAKE_SOURCE_DIR}/tests/fuzz/replay_main.c")
		endif()
		add_executable(${name} ${A_SOURCES} $<TARGET_OBJECTS:sl_fuzz_replay>)
		add_test(NAME ${name} COMMAND ${name} "${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${name}")
		set_tests_properties(${name} PROPERTIES TIMEOUT 60 LABELS "everyday;fuzz-replay")
	endif()
	target_include_directories(${name} PRIVATE "${CMAKE_SOURCE_DIR}")
	target_link_libraries(${name} PRIVATE ${A_LINKS})
	set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/fuzz-bin")
endfunction()
