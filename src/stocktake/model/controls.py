"""Controls of frameworks that rules point at: what each is about, in our own words."""

from __future__ import annotations

from collections.abc import Mapping

ISO, NIST = "ISO/IEC 27001:2022", "NIST CSF 2.0"

ABOUT: Mapping[str, Mapping[str, str]] = {
    ISO: {
        "A.5.2": "Who is responsible for what",
        "A.5.3": "Duties that one person must not hold together",
        "A.5.9": "A list of what there is, with owners",
        "A.5.11": "Things given back when people leave",
        "A.5.12": "How sensitive information is",
        "A.5.15": "Rules for who may have access",
        "A.5.16": "Identities from their beginning to their end",
        "A.5.17": "Passwords, keys and other means to log in",
        "A.5.18": "Rights given, reviewed and taken away",
        "A.5.19": "Risks that come with suppliers",
        "A.5.20": "What agreements with suppliers say",
        "A.5.23": "Choosing, using and leaving cloud services",
        "A.5.24": "Being ready for incidents",
        "A.5.25": "Deciding what is an incident",
        "A.5.26": "Responding to incidents",
        "A.5.27": "Learning from incidents",
        "A.5.28": "Evidence that is collected and kept",
        "A.5.30": "Technology that is ready when business is interrupted",
        "A.5.31": "What law and contracts ask for",
        "A.5.33": "Records that are protected and kept long enough",
        "A.5.34": "Privacy and personal data",
        "A.5.35": "Reviews by somebody independent",
        "A.5.36": "Following one's own rules and standards",
        "A.5.37": "Procedures that are written down",
        "A.6.5": "What holds after somebody left",
        "A.8.2": "Accounts that may do much",
        "A.8.3": "Access only to what is needed",
        "A.8.5": "Logging in securely",
        "A.8.6": "Enough capacity",
        "A.8.8": "Technical weaknesses found and mended",
        "A.8.9": "Configuration that is defined and watched",
        "A.8.10": "Deleting what is no longer needed",
        "A.8.11": "Masking data",
        "A.8.13": "Backups, kept and tested",
        "A.8.14": "Redundant facilities",
        "A.8.15": "Logs that are kept and protected",
        "A.8.16": "Watching for what is unusual",
        "A.8.20": "Networks that are secured",
        "A.8.24": "Use of cryptography",
        "A.8.29": "Security tests before acceptance",
        "A.8.32": "Changes under control",
    },
    NIST: {
        "DE.AE-02": "Unusual events are analysed",
        "DE.AE-06": "Those who must know are told of events",
        "DE.AE-08": "Incidents are declared by criteria",
        "DE.CM-09": "Hardware, software and data are monitored",
        "GV.OC-03": "Legal and contractual duties are known",
        "GV.OC-04": "What others rely on is known",
        "GV.OC-05": "What one relies on is known",
        "GV.PO-01": "There is a policy",
        "GV.RR-02": "Roles and responsibilities are assigned",
        "GV.RR-03": "There are means enough for the risks",
        "GV.RR-04": "Security is part of how people join and leave",
        "GV.SC-05": "Contracts with suppliers ask for security",
        "GV.SC-10": "It is planned how work with a supplier ends",
        "ID.AM-01": "Hardware is listed",
        "ID.AM-02": "Software, services and systems are listed",
        "ID.AM-03": "Data flows and communication are described",
        "ID.AM-05": "Assets are ranked by how much they matter",
        "ID.AM-07": "Data is listed, with what it is",
        "ID.AM-08": "Assets are managed until their end",
        "ID.IM-01": "Evaluations lead to improvements",
        "ID.IM-02": "Tests and exercises lead to improvements",
        "ID.IM-03": "Operation leads to improvements",
        "ID.RA-05": "Risks are weighed by threat, likelihood and impact",
        "ID.RA-06": "Responses to risks are chosen and followed",
        "ID.RA-07": "Changes and exceptions are assessed and recorded",
        "PR.AA-01": "Identities and credentials are managed",
        "PR.AA-03": "Users, services and hardware are authenticated",
        "PR.AA-05": "Rights are the least that is needed, and reviewed",
        "PR.DS-01": "Data at rest is protected",
        "PR.DS-02": "Data in transit is protected",
        "PR.DS-11": "Backups are made, protected and tested",
        "PR.IR-02": "Technology is protected from its surroundings",
        "PR.IR-03": "Resilience is built in",
        "PR.IR-04": "There is capacity enough",
        "PR.PS-01": "Configuration is managed",
        "PR.PS-02": "Software is maintained, replaced and removed",
        "PR.PS-04": "Logs are made for monitoring",
        "PR.PS-06": "Software is developed securely",
        "RC.RP-03": "Backups are verified before they are restored",
        "RS.MA-01": "The response to an incident is carried out as planned",
    },
}


def split(control: str) -> tuple[str, str]:
    """`ISO/IEC 27001:2022 A.8.13` as its framework and the control's number there."""
    framework, _, number = control.rpartition(" ")
    return framework, number


def about(framework: str, number: str) -> str:
    """What a control is about; "" for one that we do not know, as of a team's own rule."""
    return ABOUT.get(framework, {}).get(number, "")
