package dev.podbond.netlink;

/// The rows of `asm-generic/errno-base.h` and `asm-generic/errno.h`: number, symbol, text.
final class ErrnoTable {
  static final String TEXT =
      """
      1\tEPERM\tOperation not permitted
      2\tENOENT\tNo such file or directory
      3\tESRCH\tNo such process
      4\tEINTR\tInterrupted system call
      5\tEIO\tInput/output error
      6\tENXIO\tNo such device or address
      7\tE2BIG\tArgument list too long
      8\tENOEXEC\tExec format error
      9\tEBADF\tBad file descriptor
      10\tECHILD\tNo child processes
      11\tEAGAIN\tResource temporarily unavailable
      12\tENOMEM\tCannot allocate memory
      13\tEACCES\tPermission denied
      14\tEFAULT\tBad address
      15\tENOTBLK\tBlock device required
      16\tEBUSY\tDevice or resource busy
      17\tEEXIST\tFile exists
      18\tEXDEV\tInvalid cross-device link
      19\tENODEV\tNo such device
      20\tENOTDIR\tNot a directory
      21\tEISDIR\tIs a directory
      22\tEINVAL\tInvalid argument
      23\tENFILE\tToo many open files in system
      24\tEMFILE\tToo many open files
      25\tENOTTY\tInappropriate ioctl for device
      26\tETXTBSY\tText file busy
      27\tEFBIG\tFile too large
      28\tENOSPC\tNo space left on device
      29\tESPIPE\tIllegal seek
      30\tEROFS\tRead-only file system
      31\tEMLINK\tToo many links
      32\tEPIPE\tBroken pipe
      33\tEDOM\tNumerical argument out of domain
      34\tERANGE\tNumerical result out of range
      35\tEDEADLK\tResource deadlock avoided
      36\tENAMETOOLONG\tFile name too long
      37\tENOLCK\tNo locks available
      38\tENOSYS\tFunction not implemented
      39\tENOTEMPTY\tDirectory not empty
      40\tELOOP\tToo many levels of symbolic links
      42\tENOMSG\tNo message of desired type
      43\tEIDRM\tIdentifier removed
      44\tECHRNG\tChannel number out of range
      45\tEL2NSYNC\tLevel 2 not synchronized
      46\tEL3HLT\tLevel 3 halted
      47\tEL3RST\tLevel 3 reset
      48\tELNRNG\tLink number out of range
      49\tEUNATCH\tProtocol driver not attached
      50\tENOCSI\tNo CSI structure available
      51\tEL2HLT\tLevel 2 halted
      52\tEBADE\tInvalid exchange
      53\tEBADR\tInvalid request descriptor
      54\tEXFULL\tExchange full
      55\tENOANO\tNo anode
      56\tEBADRQC\tInvalid request code
      57\tEBADSLT\tInvalid slot
      59\tEBFONT\tBad font file format
      60\tENOSTR\tDevice not a stream
      61\tENODATA\tNo data available
      62\tETIME\tTimer expired
      63\tENOSR\tOut of streams resources
      64\tENONET\tMachine is not on the network
      65\tENOPKG\tPackage not installed
      66\tEREMOTE\tObject is remote
      67\tENOLINK\tLink has been severed
      68\tEADV\tAdvertise error
      69\tESRMNT\tSrmount error
      70\tECOMM\tCommunication error on send
      71\tEPROTO\tProtocol error
      72\tEMULTIHOP\tMultihop attempted
      73\tEDOTDOT\tRFS specific error
      74\tEBADMSG\tBad message
      75\tEOVERFLOW\tValue too large for defined data type
      76\tENOTUNIQ\tName not unique on network
      77\tEBADFD\tFile descriptor in bad state
      78\tEREMCHG\tRemote address changed
      79\tELIBACC\tCan not access a needed shared library
      80\tELIBBAD\tAccessing a corrupted shared library
      81\tELIBSCN\t.lib section in a.out corrupted
      82\tELIBMAX\tAttempting to link in too many shared libraries
      83\tELIBEXEC\tCannot exec a shared library directly
      84\tEILSEQ\tInvalid or incomplete multibyte or wide character
      85\tERESTART\tInterrupted system call should be restarted
      86\tESTRPIPE\tStreams pipe error
      87\tEUSERS\tToo many users
      88\tENOTSOCK\tSocket operation on non-socket
      89\tEDESTADDRREQ\tDestination address required
      90\tEMSGSIZE\tMessage too long
      91\tEPROTOTYPE\tProtocol wrong type for socket
      92\tENOPROTOOPT\tProtocol not available
      93\tEPROTONOSUPPORT\tProtocol not supported
      94\tESOCKTNOSUPPORT\tSocket type not supported
      95\tEOPNOTSUPP\tOperation not supported
      96\tEPFNOSUPPORT\tProtocol family not supported
      97\tEAFNOSUPPORT\tAddress family not supported by protocol
      98\tEADDRINUSE\tAddress already in use
      99\tEADDRNOTAVAIL\tCannot assign requested address
      100\tENETDOWN\tNetwork is down
      101\tENETUNREACH\tNetwork is unreachable
      102\tENETRESET\tNetwork dropped connection on reset
      103\tECONNABORTED\tSoftware caused connection abort
      104\tECONNRESET\tConnection reset by peer
      105\tENOBUFS\tNo buffer space available
      106\tEISCONN\tTransport endpoint is already connected
      107\tENOTCONN\tTransport endpoint is not connected
      108\tESHUTDOWN\tCannot send after transport endpoint shutdown
      109\tETOOMANYREFS\tToo many references: cannot splice
      110\tETIMEDOUT\tConnection timed out
      111\tECONNREFUSED\tConnection refused
      112\tEHOSTDOWN\tHost is down
      113\tEHOSTUNREACH\tNo route to host
      114\tEALREADY\tOperation already in progress
      115\tEINPROGRESS\tOperation now in progress
      116\tESTALE\tStale file handle
      117\tEUCLEAN\tStructure needs cleaning
      118\tENOTNAM\tNot a XENIX named type file
      119\tENAVAIL\tNo XENIX semaphores available
      120\tEISNAM\tIs a named type file
      121\tEREMOTEIO\tRemote I/O error
      122\tEDQUOT\tDisk quota exceeded
      123\tENOMEDIUM\tNo medium found
      124\tEMEDIUMTYPE\tWrong medium type
      125\tECANCELED\tOperation canceled
      126\tENOKEY\tRequired key not available
      127\tEKEYEXPIRED\tKey has expired
      128\tEKEYREVOKED\tKey has been revoked
      129\tEKEYREJECTED\tKey was rejected by service
      130\tEOWNERDEAD\tOwner died
      131\tENOTRECOVERABLE\tState not recoverable
      132\tERFKILL\tOperation not possible due to RF-kill
      133\tEHWPOISON\tMemory page has hardware error
      """;

  private ErrnoTable() {}
}
