"""Folders, modules, logs, and the one record of calls. Pure."""

from siaga.telephony import names
from siaga.telephony.asterisk.site import Site

MODULES = """
res_timing_timerfd res_sorcery_config res_sorcery_memory res_sorcery_astdb res_crypto res_srtp
res_http_websocket res_pjproject res_pjsip res_pjsip_session res_pjsip_pubsub
res_rtp_asterisk res_rtp_multicast
res_pjsip_sdp_rtp res_pjsip_nat res_pjsip_registrar res_pjsip_caller_id
res_pjsip_authenticator_digest res_pjsip_outbound_authenticator_digest
res_pjsip_endpoint_identifier_ip res_pjsip_endpoint_identifier_user res_pjsip_dtmf_info
res_pjsip_header_funcs res_pjsip_rfc3326 res_pjsip_transport_websocket chan_pjsip
codec_alaw codec_ulaw codec_resample format_pcm format_wav format_sln
bridge_simple bridge_native_rtp bridge_softmix bridge_builtin_features
bridge_builtin_interval_features
pbx_config app_dial app_exec app_queue app_playback app_read app_mixmonitor app_confbridge app_stack
app_userevent app_celgenuserevent app_chanspy app_audiosocket res_audiosocket chan_audiosocket
func_callerid func_channel func_db func_strings func_logic func_talkdetect func_global func_timeout
func_hangupcause func_math func_cut func_groupcount func_pjsip_endpoint func_pjsip_contact
res_musiconhold res_manager_devicestate res_cdrel_custom cel_custom
""".split()
"""Everything that is loaded. No REFER, no ARI, no AGI, no System, nothing that asks a database."""

OPTIONAL_MODULES = ("codec_g722", "codec_opus_open_source", "codec_opus", "res_format_attr_opus")
"""Loaded where this build has them."""

CEL_EVENTS = (
    "CHAN_START", "CHAN_END", "ANSWER", "HANGUP", "BRIDGE_ENTER", "BRIDGE_EXIT", "USER_DEFINED",
    "LINKEDID_END",
)  # fmt: skip
CEL_FIELDS = (
    "eventtype", "eventtime(float)", "userdeftype", "num", "exten", "context", "channame",
    "appname", "appdata", "uniqueid", "linkedid", "peer", "userfield", "eventextra",
)  # fmt: skip


def files(site: Site) -> dict[str, str]:
    """The files that do not depend on any region."""
    return {
        "asterisk.conf": _asterisk(site),
        "modules.conf": _modules(site),
        "logger.conf": _LOGGER,
        "cel.conf": f"[general]\nenable = yes\nevents = {','.join(CEL_EVENTS)}\n"
        "[manager]\nenabled = no\n",
        "cel_custom.conf": f"[siaga.jsonl]\nformat = json\nfields = {','.join(CEL_FIELDS)}\n",
        # Passwords of the day are put into AstDB; they count at once and no file is read again.
        "sorcery.conf": "[res_pjsip]\nauth = config,pjsip.conf,criteria=type=auth\n"
        f"auth = astdb,{names.SEAT_STORE}\n",
        "cdr.conf": "[general]\nenable = no\n",
        "indications.conf": _INDICATIONS,
        "cli_permissions.conf": "[general]\ndefault_perm = permit\n",
        "pjproject.conf": "[startup]\nlog_level = default\n",
        "stasis.conf": "[threadpool]\ninitial_size = 5\nidle_timeout_sec = 20\nmax_size = 50\n",
        **{f"{name}.conf": "[general]\n" for name in ("ccss", "codecs", "dsp", "udptl")},
        **{f"{name}.conf": "; none\n" for name in ("acl", "queuerules")},
    }


def _asterisk(site: Site) -> str:
    home = site.home
    folders = {
        "astetcdir": home / "etc",
        "astmoddir": site.installation.modules,
        "astvarlibdir": home / "state",
        "astdbdir": home / "state",
        "astkeydir": home,
        "astdatadir": home / "data",
        "astagidir": home / "data",
        "astspooldir": home / "spool",
        "astrundir": home / "run",
        "astlogdir": home / "log",
        "astcachedir": home / "state",
        "astsbindir": home / "run",
    }
    lines = [f"{name} => {path}" for name, path in folders.items()]
    return "\n".join([
        "[directories]", *lines, "", "[options]",
        # Makes linkedid unique over all servers.
        f"systemname = {site.secrets.system}",
        "documentation_language = en_US",
        "defaultlanguage = id",
        "hideconnect = yes",
        "live_dangerously = no",
        # Without it a caller's own silence stops the recording of the other side.
        "transmit_silence = yes",
    ])  # fmt: skip


def _modules(site: Site) -> str:
    wanted = [*MODULES, *(one for one in OPTIONAL_MODULES if site.installation.has_module(one))]
    return "[modules]\nautoload = no\n" + "\n".join(f"load = {name}.so" for name in wanted)


_LOGGER = """
[general]
dateformat = %F %T.%3q
queue_log = yes
queue_log_to_file = yes
[logfiles]
messages => notice,warning,error
"""
_INDICATIONS = """
[general]
country = id
[id]
description = Indonesia
ringcadence = 1000,4000
dial = 425
busy = 425/500,0/500
ring = 425/1000,0/4000
congestion = 425/250,0/250
"""
