"""The model text of the confidentiality agreement: the first version, written by the house, for counsel to review."""

ENGLISH = """\
MODEL TEXT. Written for this portal, to be reviewed by counsel before it is relied on.

1. Parties. This agreement is between the owner of the opportunity named below ("the owner") and the person or \
organisation that has expressed interest in it ("the interested party"). The portal shows the text and keeps the \
acceptances; the district is no party.

2. Confidential information. Everything that the owner shows in the confidential tier and in the data room of this \
opportunity, and everything that either side writes or attaches in the thread of this expression of interest, is \
confidential, in whatever form.

3. Exceptions. Information is not confidential where the side that received it shows that it was public, that it knew \
it before, that it developed it independently, or that it received it from somebody who was free to disclose it.

4. Use. Confidential information is used only to decide on, and to negotiate, a contract about this opportunity. It is \
not used to file for intellectual-property rights, to reverse-engineer, or for any other purpose.

5. Who may know. Each side lets only those of its staff and advisers know who need to and who are bound to \
confidentiality, and answers for them.

6. Disclosure required by law. A side that a law, court or authority obliges to disclose something tells the other \
side first, where it may, and discloses no more than it has to.

7. No rights granted. Nothing in this agreement transfers or licenses a right, and neither side is obliged to conclude \
a contract.

8. Technology that leaves mainland China. The interested party passes nothing on, in any form, to a place outside \
mainland China before the owner has met the rules on the export of technology that apply.

9. Access and its end. The owner may close the access at any time. The portal records who opened what and when, and \
shows it to the owner. On request, the interested party deletes its copies, save those that a law obliges it to keep.

10. Duration. The duties last for three years from the second acceptance; for a trade secret, as long as it is one.

11. Law. The law of the People's Republic of China applies. Disputes that are not settled by negotiation go to the \
competent people's court at the owner's place.

12. Languages. The Chinese and the English text say the same. Where they differ, the Chinese text counts.
"""

CHINESE = """\
示范文本。由本平台拟定，正式使用前须经法律顾问审核。

一、当事人。本协议由下述投资机会的发布方（以下称“发布方”）与对该机会提出投资意向的个人或机构（以下称“意向方”）订立。本平台仅展示文本并保存双方的\
确认记录，区政府及其部门不是本协议当事人。

二、保密信息。发布方在本机会的保密资料和资料室中展示的全部内容，以及双方在本投资意向往来中书写或附上的全部内容，不论以何种形式存在，均为保密信息。

三、例外。接收信息的一方能够证明该信息已经公开、其此前已经知悉、由其独立开发，或者从有权披露的第三方取得的，不属于保密信息。

四、用途。保密信息仅用于评估和商谈与本机会有关的合同，不得用于申请知识产权、反向工程或者其他任何目的。

五、知悉范围。各方仅可向确有必要知悉并负有保密义务的工作人员和顾问提供保密信息，并对其行为负责。

六、依法披露。一方依照法律、法院或者行政机关的要求必须披露的，应当在允许的范围内事先告知对方，且仅披露必须披露的部分。

七、不授予权利。本协议不转让也不许可任何权利，双方均不因本协议负有订立合同的义务。

八、技术出境。在发布方依照适用的技术出口规定办理完毕手续之前，意向方不得以任何形式将保密信息提供至中国内地以外。

九、查阅及其终止。发布方可以随时关闭查阅权限。本平台记录何人于何时查阅何项内容，并向发布方展示。经发布方要求，意向方应当删除其保存的副本，法律要求留存的除外。

十、期限。保密义务自双方中后确认一方确认之日起三年内有效；属于商业秘密的，在其仍为商业秘密期间持续有效。

十一、适用法律。本协议适用中华人民共和国法律。协商不成的争议，由发布方所在地有管辖权的人民法院管辖。

十二、文字。本协议中文本与英文本内容一致；如有不一致，以中文本为准。
"""
