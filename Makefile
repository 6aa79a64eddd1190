# The front door. Each target does all the set-up it needs.
.PHONY: demo test bench dist image

# A pod's bond over two SR-IOV NICs survives a dead PF, in a virtual machine on this one.
demo: dist
	lab/run --timeout 600 -- demo/run

# Everything: native tests, then the same promises against a real kernel and real NIC drivers.
test:
	testing/run

# ADD and DEL timed in the lab, against the floor of starting a Java runtime at all.
bench: dist
	lab/run --timeout 900 -- bench/run

# dist/podbond-image.tar: an OCI image archive of the agent, made without a container engine.
image: dist
	packaging/image

# dist/opt: both CNI plugins and the podbond command with a Java runtime of their own.
dist:
	packaging/dist
