# grade.mk - grade by `make`: include it in a Makefile, or make -f grade.mk
#
#	make grade TASK=../cart MIN=100		this folder by the task in ../cart; fails below MIN
#	make grades ARCHIVES=inbox		each archive in the folder inbox, several at once
#
# Names of files never pass through make or a quoted word of the shell: whoever hands in an archive
# chooses its name.

TALI ?= tali
TASK ?= task
WORKSPACE ?= .
ARCHIVES ?= submissions
MIN ?= 80
REPORT ?= tali.xml

.PHONY: grade grades

grade:
	$(TALI) score --task "$(TASK)" --workspace "$(WORKSPACE)" --min "$(MIN)" \
		--output "$(REPORT)"

grades:
	$(TALI) score --task "$(TASK)" --min "$(MIN)" --output "$(REPORT)" \
		--archive "$(ARCHIVES)"/*
