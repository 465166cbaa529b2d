# SPDX-License-Identifier: Apache-2.0
# Copyright the dk authors
#
# One Makefile, all output in build/. `make help` is the table of contents.

PREFIX   ?= /usr/local
BUILD    ?= build$(if $(SANITIZE),/sanitize)
ifeq ($(origin CC),default)
CC       := gcc
endif
AR       ?= ar
VERSION  := 0.1.0
Q        := $(if $(V),,@)
say       = $(if $(V),,@printf '  %-7s %s\n' '$(1)' '$(2)')

WARN     := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes \
	    -Wmissing-prototypes -Wvla
BASE     := -std=gnu17 -O2 -g $(WARN) -D_GNU_SOURCE -MMD -MP -fPIE \
	    -fstack-protector-strong -DDK_VERSION='"$(VERSION)"'
SAN      := $(if $(SANITIZE),-fsanitize=$(SANITIZE) -fno-omit-frame-pointer \
	    -fno-sanitize-recover=all,-D_FORTIFY_SOURCE=2)
# The daemon, the tools and the unit suites: with sanitizers when asked for.
CFLAGS_T := $(BASE) $(SAN) $(CFLAGS)
LDFLAGS_T := -pie -Wl,-z,relro,-z,now $(if $(SANITIZE),-fsanitize=$(SANITIZE)) \
	    $(LDFLAGS)
# Confined programs are static and no sanitizer's runtime fits into a sandbox:
# there undefined behaviour traps, which the daemon reports as the end of it.
CFLAGS_P := $(BASE) $(if $(SANITIZE),-fsanitize=undefined \
	    -fsanitize-undefined-trap-on-error,-D_FORTIFY_SOURCE=2) $(CFLAGS)
LDFLAGS_P := -static-pie $(LDFLAGS)

find_c    = $(sort $(shell find $(1) -name '*.c' 2>/dev/null))
obj_t     = $(patsubst %.c,$(BUILD)/obj/%.o,$(1))
obj_p     = $(patsubst %.c,$(BUILD)/obj-p/%.o,$(1))

SECURITY := $(call find_c,kernel/security)
KERNEL   := $(filter-out kernel/main.c kernel/selftest.c $(SECURITY),\
	    $(call find_c,kernel))
POLICY   := $(filter-out policy/main.c,$(call find_c,policy))
LIBDK    := $(call find_c,apps/lib) kernel/security/body.c \
	    kernel/security/sha256.c
DK       := $(call find_c,apps/dk) kernel/base/text.c
DK_NEW   := $(sort $(shell find apps/dk/new -name '*.in'))
HEADERS  := $(sort $(shell find apps/lib/include -name '*.h'))
STD      := $(sort $(shell find policy/std -type f -not -name 'README*'))
SUPPORT  := $(call find_c,tests/unit/support)
SUITES   := $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%,\
	    $(wildcard tests/unit/*.c))

INCLUDES := $(HEADERS:apps/lib/include/%=$(BUILD)/include/%) \
	    $(BUILD)/include/dk/layout.h
SHARE    := $(STD:policy/std/%=$(BUILD)/share/dk/%)
STD_XDL  := $(filter %.edl %.cdl %.idl,$(STD))

DKC      := $(BUILD)/bin/dkc
TOOLS    := $(BUILD)/bin/dkd $(BUILD)/bin/dk $(DKC) $(BUILD)/lib/libdk.a

.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: all programs demo check fuzz fuzzers targets bench bench-programs lint \
	install uninstall clean help setup suites unit-suites

## all        what is built: dkd, dk, dkc, libdk, the examples (the default)
all: setup
	$(Q)$(MAKE) --no-print-directory programs

## demo       runs the example; PICTURES=dir runs it on your own PNG files
demo: all
	$(Q)BUILD=$(BUILD) scripts/demo $(if $(PICTURES),'$(PICTURES)')

## check      builds and runs every test, says how many passed
check: setup
	-$(Q)scripts/setup --browser
	$(Q)$(MAKE) --no-print-directory programs unit-suites fuzzers
	$(Q)BUILD=$(BUILD) SANITIZE='$(SANITIZE)' tests/run

## fuzz       each fuzz target for MINUTES=n (1), or those in TARGETS='a b'
fuzz: setup
	-$(Q)scripts/setup --fuzz
	$(Q)$(MAKE) --no-print-directory programs fuzzers
	$(Q)BUILD=$(BUILD) FUZZ_SECONDS=$$((60 * $(or $(MINUTES),1))) \
		tests/fuzz/run.sh $(TARGETS)

## bench      the figures of build/bench/latest.json; QUICK=1: in a minute
bench:
	$(Q)scripts/setup --bench || echo 'bench: without what is not installed'
	$(Q)$(MAKE) --no-print-directory programs bench-programs
	$(Q)BUILD=$(BUILD) QUICK='$(QUICK)' tests/bench/run

## lint       checks on the sources themselves
lint: all
	$(Q)BUILD=$(BUILD) scripts/lint

## install    puts it below PREFIX (/usr/local), in the tree DESTDIR
install: programs
	$(Q)BUILD=$(BUILD) VERSION=$(VERSION) PREFIX='$(PREFIX)' \
		DESTDIR='$(DESTDIR)' scripts/install

## uninstall  removes that again, by the same PREFIX and DESTDIR
uninstall:
	$(Q)PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' scripts/install --remove

## clean      removes what was built
clean:
	$(Q)rm -rf $(BUILD)

## setup      installs missing Debian packages, or says which line to type
setup:
	$(Q)scripts/setup

## help       this list
help:
	@sed -n 's/^## /make /p' Makefile
	@echo
	@echo 'V=1 shows the commands; SANITIZE=address,undefined builds with'
	@echo 'sanitizers, in build/sanitize; BUILD=dir builds elsewhere.'

programs: $(TOOLS) $(SHARE) $(INCLUDES)
	@:

# ---- the daemon, the compiler, the command, the library ----

$(BUILD)/obj/libsecurity.a: $(call obj_t,$(SECURITY))
$(BUILD)/obj/libkernel.a: $(call obj_t,$(KERNEL))
$(BUILD)/obj/libpolicy.a: $(call obj_t,$(POLICY))
$(BUILD)/obj/libsupport.a: $(call obj_t,$(SUPPORT))
$(BUILD)/lib/libdk.a: $(call obj_p,$(LIBDK))
# The library once more, with sanitizers, for its unit suites.
$(BUILD)/obj/libdk.a: $(call obj_t,$(LIBDK))

%.a:
	$(call say,AR,$@)
	@mkdir -p $(@D)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/bin/dkd: $(BUILD)/obj/kernel/main.o $(BUILD)/obj/libkernel.a \
		  $(BUILD)/obj/libsecurity.a
$(BUILD)/bin/dkd: LIBS := -lseccomp -lcap
$(DKC): $(BUILD)/obj/policy/main.o $(BUILD)/obj/libpolicy.a \
	$(BUILD)/obj/libsecurity.a
$(DKC): LIBS := -lyaml
$(BUILD)/bin/dk: $(call obj_t,$(DK))

$(BUILD)/bin/dkd $(BUILD)/bin/dk $(DKC):
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_T) -o $@ $(filter %.o %.a,$^) $(LIBS)

# `dk selftest`: it lies beside the hostile program and its image.
$(BUILD)/gen/selftest/selftest_rows.h: apps/rogue/calls.c Makefile
	$(call say,ROWS,$@)
	@mkdir -p $(@D)
	$(Q)sed -nE 's/^\t\{ ("[AB][0-9]+_[A-Za-z0-9_]+", (SYS|X32|-?[0-9])[^,]*),.*/\t{ \1 },/p' \
		$< >$@
$(BUILD)/obj/kernel/selftest.o: $(BUILD)/gen/selftest/selftest_rows.h
$(BUILD)/obj/kernel/selftest.o: INC = -I$(BUILD)/gen/selftest
$(BUILD)/apps/rogue/selftest: $(BUILD)/obj/kernel/selftest.o \
		$(BUILD)/obj/libkernel.a $(BUILD)/obj/libsecurity.a
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_T) -o $@ $(filter %.o %.a,$^) -lseccomp -lcap
$(BUILD)/apps/rogue/selftest.dk: apps/rogue/selftest.yaml \
		$(BUILD)/apps/rogue/rogue.dk
	$(call say,DKC,$@)
	$(Q)$(DKC) build -I apps/rogue --init $< -o $@ apps/rogue/security.psl
programs: $(BUILD)/apps/rogue/selftest $(BUILD)/apps/rogue/selftest.dk

# The files that `dk new` writes are inside dk.
$(BUILD)/gen/dk/new_templates.h: apps/dk/embed.sh $(DK_NEW)
	$(call say,EMBED,$@)
	@mkdir -p $(@D)
	$(Q)apps/dk/embed.sh $(DK_NEW) >$@
$(BUILD)/obj/apps/dk/new.o: $(BUILD)/gen/dk/new_templates.h
$(BUILD)/obj/apps/dk/new.o: INC = -I$(BUILD)/gen/dk

# The page of `dkc graph` is inside dkc.
$(BUILD)/gen/dkc/graph_page.h: policy/graph/page.html
	$(call say,EMBED,$@)
	@mkdir -p $(@D)
	$(Q){ echo 'static const char *const page[] = {'; \
	sed -e 's/[\\"]/\\&/g' -e 's/\t/\\t/g' -e 's/.*/"&\\n",/' $<; \
	echo '};'; } >$@
$(BUILD)/obj/policy/graph/html.o: $(BUILD)/gen/dkc/graph_page.h
$(BUILD)/obj/policy/graph/html.o: INC = -I$(BUILD)/gen/dkc

$(BUILD)/obj/%.o: %.c
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_T) $(INC) -c -o $@ $<

$(BUILD)/obj-p/%.o: %.c
	$(call say,CC,$<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS_P) $(INC) -c -o $@ $<

# ---- public headers, standard files, generated headers of both ----

$(BUILD)/include/dk/layout.h: kernel/abi/layout.h
	@mkdir -p $(@D) && cp $< $@
$(BUILD)/include/%.h: apps/lib/include/%.h
	@mkdir -p $(@D) && cp $< $@
$(BUILD)/share/dk/%: policy/std/%
	@mkdir -p $(@D) && cp $< $@

$(BUILD)/gen/std.stamp: $(DKC) $(SHARE)
	$(call say,XDL,policy/std)
	@mkdir -p $(@D)
	$(Q)$(DKC) xdl -I policy/std -o $(BUILD)/include $(STD_XDL)
	@touch $@

LIB_OBJ  := $(call obj_p,$(filter apps/lib/%,$(LIBDK))) \
	    $(call obj_t,$(filter apps/lib/%,$(LIBDK)))
$(LIB_OBJ): $(BUILD)/gen/std.stamp $(INCLUDES)
$(BUILD)/obj-p/% $(BUILD)/obj/apps/lib/% $(BUILD)/obj/tests/unit/lib_% \
	$(BUILD)/obj/tests/fuzz/%: INC = -I$(BUILD)/include

# ---- solutions: a folder with security.psl, init.yaml, sources.mk ----
#
# DIR/sources.mk names the programs (NAME_PROGRAMS) and the files and libraries
# of each (PROGRAM_SRCS, PROGRAM_LIBS). The programs lie beside the image.

include nameserver/sources.mk
include $(wildcard apps/*/sources.mk)

# $(1) solution, $(2) folder, $(3) program, $(4) its sources, $(5) libraries
define program
$(BUILD)/apps/$(1)/$(3): $$(patsubst %.c,$(BUILD)/obj-p/$(2)/%.o,$(4)) \
			 $(BUILD)/lib/libdk.a
	$$(call say,LINK,$$@)
	@mkdir -p $$(@D)
	$$(Q)$$(CC) $$(LDFLAGS_P) -o $$@ $$(filter %.o %.a,$$^) $(5)
$$(patsubst %.c,$(BUILD)/obj-p/$(2)/%.o,$(4)): $(BUILD)/gen/$(1).stamp
$$(patsubst %.c,$(BUILD)/obj-p/$(2)/%.o,$(4)): \
	INC = -I$(BUILD)/gen/$(1) -I$(BUILD)/include
programs: $(BUILD)/apps/$(1)/$(3)
endef

# $(1) solution, $(2) folder
define solution
$(1)_XDL := $$(sort $$(shell find $(2) -name '*.edl' -o -name '*.cdl' \
	    -o -name '*.idl'))
$(BUILD)/gen/$(1).stamp: $(DKC) $$($(1)_XDL) $(BUILD)/gen/std.stamp $(INCLUDES)
	$$(call say,XDL,$(2))
	@mkdir -p $(BUILD)/gen/$(1)
	$$(Q)$(DKC) xdl -I $(2) -o $(BUILD)/gen/$(1) $$($(1)_XDL)
	@touch $$@
$(BUILD)/apps/$(1)/$(1).dk: $(DKC) $$($(1)_XDL) $(2)/security.psl $(2)/init.yaml \
			    $(SHARE)
	$$(call say,DKC,$$@)
	@mkdir -p $$(@D)
	$$(Q)$(DKC) build -I $(2) --init $(2)/init.yaml -o $$@ $(2)/security.psl
programs: $(BUILD)/apps/$(1)/$(1).dk $(BUILD)/apps/$(1)/NameServer
$(BUILD)/apps/$(1)/NameServer: $(BUILD)/bin/NameServer
	@mkdir -p $$(@D) && cp $$< $$@
$(foreach p,$($(1)_PROGRAMS),\
$(eval $(call program,$(1),$(2),$(p),$($(p)_SRCS),$($(p)_LIBS))))
endef

SOLUTIONS := $(patsubst apps/%/sources.mk,%,$(wildcard apps/*/sources.mk))
$(foreach s,$(SOLUTIONS),$(eval $(call solution,$(s),apps/$(s))))

$(BUILD)/bin/NameServer: $(patsubst %.c,$(BUILD)/obj-p/nameserver/%.o,\
			   $(NameServer_SRCS)) $(BUILD)/lib/libdk.a
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_P) -o $@ $(filter %.o %.a,$^)
$(patsubst %.c,$(BUILD)/obj-p/nameserver/%.o,$(NameServer_SRCS)): \
	$(BUILD)/gen/std.stamp $(INCLUDES)
programs: $(BUILD)/bin/NameServer

# ---- unit suites, by the part that their names begin with ----

# After all: two of make building the same archives spoil them.
suites: all
	$(Q)$(MAKE) --no-print-directory unit-suites
unit-suites: $(SUITES) $(patsubst %,$(BUILD)/tests/decisions/%,run oracle proof) \
	$(BUILD)/tests/attack/dkd

UNIT_LIBS := $(shell pkg-config --libs check 2>/dev/null)
$(BUILD)/tests/unit/kernel_%: $(BUILD)/obj/tests/unit/kernel_%.o \
		$(BUILD)/obj/libsupport.a $(BUILD)/obj/libkernel.a \
		$(BUILD)/obj/libsecurity.a
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_T) -o $@ $(filter %.o,$^) -Wl,--start-group \
		$(filter %.a,$^) -Wl,--end-group $(UNIT_LIBS) -lseccomp -lcap
$(BUILD)/tests/unit/policy_%: $(BUILD)/obj/tests/unit/policy_%.o \
		$(BUILD)/obj/libsupport.a $(BUILD)/obj/libpolicy.a $(BUILD)/obj/libsecurity.a
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_T) -o $@ $^ $(UNIT_LIBS) -lyaml
$(BUILD)/tests/unit/lib_%: $(BUILD)/obj/tests/unit/lib_%.o $(BUILD)/obj/libdk.a
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_T) -o $@ $^ $(UNIT_LIBS)
# The oracle has nothing of ours in it: it is a second opinion.
$(BUILD)/tests/decisions/oracle: $(call obj_t,tests/decisions/oracle.c \
		tests/unit/support/regex_model.c)
$(BUILD)/tests/decisions/run: $(call obj_t,tests/decisions/run.c) \
		$(BUILD)/obj/libsecurity.a
$(BUILD)/tests/decisions/proof: $(call obj_t,tests/decisions/proof.c) \
		$(BUILD)/obj/libpolicy.a $(BUILD)/obj/libsecurity.a
$(patsubst %,$(BUILD)/tests/decisions/%,run oracle proof):
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_T) -o $@ $^

# The real launcher with a mediator that was taken over in the place of ours.
$(BUILD)/tests/attack/dkd: $(call obj_t,kernel/main.c tests/attack/mediator.c \
		apps/rogue/calls.c) $(BUILD)/obj/libkernel.a \
		$(BUILD)/obj/libsecurity.a
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_T) -o $@ $(filter %.o %.a,$^) -lseccomp -lcap

$(patsubst tests/unit/%.c,$(BUILD)/obj/tests/unit/%.o,$(wildcard tests/unit/*.c)): \
	| $(BUILD)/gen/std.stamp $(INCLUDES)

# ---- fuzz targets: a build of its own, by clang and for libFuzzer ----

FUZZ     := $(patsubst tests/fuzz/%.c,$(BUILD)/bin/fuzz-%,\
	    $(wildcard tests/fuzz/*.c))

fuzzers:
	$(Q)if why=$$(tests/fuzz/run.sh --why-not); then \
		$(MAKE) --no-print-directory targets BUILD=$(BUILD)/fuzz \
		CC=clang SANITIZE=fuzzer-no-link,address,undefined CFLAGS=-O1; \
	else echo "  SKIP    tests/fuzz: $$why"; fi

targets: $(FUZZ)

$(call obj_t,$(wildcard tests/fuzz/*.c)): | $(BUILD)/gen/std.stamp $(INCLUDES)

$(BUILD)/obj/libfuzz.a: $(call obj_t,$(call find_c,tests/fuzz/support))
$(BUILD)/bin/fuzz-frame $(BUILD)/bin/fuzz-mediator $(BUILD)/bin/fuzz-control: \
	$(BUILD)/obj/libkernel.a
$(BUILD)/bin/fuzz-hello $(BUILD)/bin/fuzz-answer: $(BUILD)/obj/libdk.a
$(FUZZ): LIBS := -lyaml -lseccomp -lcap
$(FUZZ): $(BUILD)/bin/fuzz-%: $(BUILD)/obj/tests/fuzz/%.o \
		$(BUILD)/obj/libfuzz.a $(BUILD)/obj/libsupport.a \
		$(BUILD)/obj/libpolicy.a $(BUILD)/obj/libsecurity.a
	$(call say,LINK,$@)
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS_T) -fsanitize=fuzzer -o $@ $(filter %.o,$^) \
		-Wl,--start-group $(filter %.a,$^) -Wl,--end-group $(LIBS)

include tests/bench/rules.mk

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
