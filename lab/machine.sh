# Sourced by run: the emulated machine, as QEMU arguments in the array MACHINE.
# shellcheck shell=bash disable=SC2054,SC2034  # QEMU separates by commas; run uses MACHINE

# Addresses by which the guest tells PFs, gateways and its NIC to the host apart, and numbers them; the
# fifth byte is the guest's own number, the last one the NIC's.
PF_MAC=02:70:66:00
GW_MAC=02:67:77:00
NODE_MAC=02:6e:6f:00
mac() { printf '%s:%02x:%02x' "$@"; }

# machine ACCEL THREAD CPUS MEGABYTES PFS SWITCHES NUMBER
machine() {
    local accel=$1 thread=$2 cpus=$3 memory=$4 pfs=$5 switches=$6 number=$7 i
    MACHINE=(-nodefaults -no-user-config -display none -vga none -no-reboot
        -machine q35,sata=off,smbus=off,usb=off,i8042=off -smp "$cpus" -m "$memory")
    case $accel in
        kvm) MACHINE+=(-accel kvm -cpu max) ;;
        # A processor without AVX and fast string moves, which cost an emulator more than doing without.
        # Nodes may be as old, too: what is built here must run there.
        *) MACHINE+=(-accel "tcg,thread=$thread" -cpu Nehalem) ;;
    esac
    MACHINE+=(-device virtio-rng-pci -device 'isa-debug-exit,iobase=0xf4')

    for ((i = 0; i < pfs; i++)); do
        # A root port each: behind the root complex directly there is no ARI, and VFs come at wrong functions.
        # The filter is the silent cut: switched on it sends every frame of both ways to nowhere, and no
        # link changes state. (Cutting a wire between two joined hubs does so too, but queued frames of one
        # hub are never woken by the other, and the gateway's transmitter hangs.)
        MACHINE+=(
            -netdev "hubport,id=wire-pf$i,hubid=$((i % switches))"
            -chardev "null,id=nowhere-pf$i"
            -object "filter-redirector,id=cut-pf$i,netdev=wire-pf$i,queue=all,outdev=nowhere-pf$i,status=off"
            -device "pcie-root-port,id=port$i,bus=pcie.0,chassis=$((i + 1)),slot=$((i + 1))"
            -device "igb,id=pf$i,bus=port$i,netdev=wire-pf$i,mac=$(mac $PF_MAC "$number" $i)")
    done
    # A NIC that knows neither speed nor duplex takes no part in LACP.
    for ((i = 0; i < switches; i++)); do
        MACHINE+=(
            -netdev "hubport,id=switch-gw$i,hubid=$i"
            -device "virtio-net-pci,netdev=switch-gw$i,speed=1000,duplex=full,romfile=,mac=$(mac $GW_MAC "$number" $i)")
    done
}

# A NIC to the host's TAP interface $1, for the guest with the number $2.
to_host() {
    MACHINE+=(-netdev "tap,id=node0,ifname=$1,script=no,downscript=no"
        -device "virtio-net-pci,netdev=node0,romfile=,mac=$(mac $NODE_MAC "$2" 0)")
}

# The host's TAP interface $1 becomes a port of the first switch: what is behind it is on the same switch.
wire_out() {
    MACHINE+=(-netdev "tap,id=wire,ifname=$1,script=no,downscript=no"
        -netdev hubport,id=switch-wire,hubid=0,netdev=wire)
}

# Nothing on it outlives the host: there is no need to wait for the host's disk.
add_disk() {
    MACHINE+=(-drive "file=$1,format=raw,if=none,id=disk,cache=unsafe" -device virtio-blk-pci,drive=disk)
}
